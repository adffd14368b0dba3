import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onNewDay } from "../src/day-change.ts";
import { storeDefinition } from "../src/semantics/definition.ts";
import { watchTelemetry } from "../src/watch-telemetry.ts";
import { Following, until } from "./support/following.ts";

const berlin = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" });

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-21T22:00:30.000Z") }));
afterEach(() => void vi.useRealTimers());

test("a new day is noticed when it begins, once, and not after the end", () => {
  const days: string[] = [];
  const begun = (): void => {
    days.push(`${berlin.format(Date.now())} ${new Date().toISOString()}`);
  };
  const stop = onNewDay(berlin.format, Date.now, begun);
  vi.advanceTimersByTime(3_600_000);
  expect(days).toEqual(["2026-11-22 2026-11-21T23:00:00.000Z"]);
  vi.advanceTimersByTime(24 * 3_600_000);
  expect(days).toHaveLength(2);
  stop();
  vi.advanceTimersByTime(48 * 3_600_000);
  expect(days).toHaveLength(2);
});

test("a clock that jumps over midnight is noticed within a minute", () => {
  let begun = 0;
  const stop = onNewDay(berlin.format, Date.now, () => begun++);
  vi.setSystemTime(Date.parse("2026-11-25T09:07:00.000Z"));
  vi.advanceTimersByTime(60_000);
  expect(begun).toBe(1);
  stop();
});

test.each([0, 1])("midnight between two looks at the clock is noticed at once", (first) => {
  let looks = first;
  // Every second look comes before midnight, and the one after it behind.
  const now = (): number => Date.now() + (looks++ % 2 === 0 ? -0.5 : 0.5);
  let begun = 0;
  const stop = onNewDay(berlin.format, now, () => begun++);
  vi.advanceTimersByTime(59 * 60_000 + 30_000 + 5);
  expect(begun).toBe(1);
  stop();
});

test("a watch without traffic reports that the day has changed", async () => {
  vi.useRealTimers();
  const following = await Following.open(storeDefinition);
  const began = performance.now();
  const now = (): number => Date.parse("2026-11-21T22:59:58.500Z") + performance.now() - began;
  const path = following.path("otel.jsonl");
  const watch = watchTelemetry(following.store, [path], { timeZone: "Europe/Berlin", now });
  const days: string[] = [];
  watch.onChange(() => days.push(watch.state().today.day));
  await watch.ready;
  await until("the day is reported", () => days.includes("2026-11-22"));
  expect(now()).toBeGreaterThanOrEqual(Date.parse("2026-11-21T23:00:00.000Z"));
  await watch.close();
});
