import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { firstState } from "../../../src/page/data/state.ts";
import { KEEP_EVERY_MS, StateKeeper } from "../../../src/page/data/state-keeper.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function keeper() {
  const kept: string[] = [];
  const made = new StateKeeper((state) => kept.push(state.sql));
  return { kept, change: (sql: string) => made.changed({ ...firstState, sql }) };
}

test("a change is kept at once", () => {
  const { kept, change } = keeper();
  change("a");
  expect(kept).toEqual(["a"]);
  vi.advanceTimersByTime(KEEP_EVERY_MS * 10);
  expect(kept).toEqual(["a"]);
  change("b");
  expect(kept).toEqual(["a", "b"]);
});

test("changes without a pause are kept all the while, the last one always", () => {
  const { kept, change } = keeper();
  for (let key = 0; key < 100; key += 1) {
    change(`${key}`);
    vi.advanceTimersByTime(KEEP_EVERY_MS / 10);
  }
  expect(kept.length).toBeGreaterThanOrEqual(10);
  expect(kept.length).toBeLessThanOrEqual(12);
  vi.advanceTimersByTime(KEEP_EVERY_MS);
  expect(kept.at(-1)).toBe("99");
});
