import { describe, expect, test } from "vitest";
import { viewJson } from "../../src/watch/json.ts";
import { events, file, session, view } from "./samples.ts";

interface Parsed {
  readonly time: string;
  readonly catching_up: number | null;
  readonly store: object;
  readonly files: readonly object[];
  readonly today: Readonly<Record<string, unknown>>;
  readonly sessions: readonly Readonly<Record<string, unknown>>[];
  readonly recent: readonly Readonly<Record<string, unknown>>[];
}

function parsed(...given: Parameters<typeof view>): Parsed {
  const text = viewJson(view(...given));
  expect(text.indexOf("\n")).toBe(text.length - 1);
  return JSON.parse(text) as Parsed;
}

describe("the live state as JSON", () => {
  test("is of a backlog until everything that was there is read", () => {
    expect(parsed({ ready: true }).catching_up).toBeNull();
    expect(parsed({ ready: false }).catching_up).toBe(0);
    expect(parsed({ ready: false, catchingUp: 0.5 }).catching_up).toBe(0.5);
  });

  test("is one line with all there is", () => {
    const { time, store, files, today, sessions, recent } = parsed();
    expect(time).toBe("2026-11-21T14:03:20Z");
    expect(store).toEqual({ state: "ok", reason: null });
    expect(files).toMatchObject([{ state: "following", size_bytes: 10, cursor_offset: 10 }]);
    expect(today).toMatchObject({
      day: "2026-11-21",
      sessions: 3,
      requests: 2831,
      cost_usd: 3.70861,
    });
    expect(sessions[0]).toMatchObject({
      session_id: "1f3a9c2e-0000-4000-8000-000000000001",
      workflow_id: ".claude-4nq",
      total_tokens: 404_000,
      context_tokens: 46_000,
      last_activity: "2026-11-21T14:03:20Z",
    });
    expect(sessions[2]).toMatchObject({ ledger: "metrics", requests: null, model: null });
    expect(recent.map((event) => event["event_name"])).toEqual(events.map(({ name }) => name));
    expect(recent[0]).toMatchObject({ total_tokens: 12_153, cost_usd: 0.0142, duration_ms: 2345 });
  });

  test("rounds nothing", () => {
    const costNanoUsd = 123_456_789_012_345_678n;
    const totalTokens = 2n ** 60n + 1n;
    const { sessions } = parsed({
      snapshot: { sessions: [session("s", 1, 0, { costNanoUsd, totalTokens })] },
    });
    expect(sessions[0]).toMatchObject({
      cost_usd: "123456789.012345678",
      total_tokens: "1152921504606846977",
    });
  });

  test.each([
    [0n, 0],
    [1n, "0.000000001"],
    [-250_000_000n, -0.25],
    [3_000_000_000n, 3],
    [10_000_000_000n, 10],
  ])("%s billionths of a dollar are %s", (costNanoUsd, expected) => {
    const { sessions } = parsed({ snapshot: { sessions: [session("s", 1, 0, { costNanoUsd })] } });
    expect(sessions[0]?.["cost_usd"]).toBe(expected);
  });

  test("has nothing in it that a terminal would act on", () => {
    const evil = "a\u001b[2J\u009b31m\u202eb";
    const text = viewJson(
      view({ files: [file(evil)], snapshot: { sessions: [session(evil, 1, 0, { stage: evil })] } }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not appear.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(text)).toMatchObject({ sessions: [{ session_id: evil, stage: evil }] });
  });
});
