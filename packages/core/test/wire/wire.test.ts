import fc from "fast-check";
import * as v from "valibot";
import { expect, test } from "vitest";
import { exactUsd } from "../../src/live/money.ts";
import { LONGEST_IDENTITY } from "../../src/wire/limits.ts";
import { portable } from "../../src/wire/portable.ts";
import { wireStateSchema } from "../../src/wire/schema.ts";
import { backlogRead, isRunning, rateText, spentText } from "../../src/wire/texts.ts";
import { toWire, type WireParts } from "../../src/wire/to-wire.ts";
import { runs, seed } from "../support/runs.ts";
import { wireParts } from "./samples.ts";

/** What arrives in another process. */
function arrived(parts: WireParts): unknown {
  return JSON.parse(JSON.stringify(portable(toWire(parts, new WeakMap()))));
}

test(`whatever a live state holds is a message as it is (FAULT_SEED=${seed})`, () => {
  fc.assert(
    fc.property(wireParts, (parts) => {
      const sent = arrived(parts);
      expect(v.parse(wireStateSchema, sent)).toEqual(sent);
    }),
    { numRuns: runs(100), seed },
  );
});

test(`ids and paths stay whole, numbers exact (FAULT_SEED=${seed})`, () => {
  fc.assert(
    fc.property(wireParts, (parts) => {
      const { sessions, files } = portable(toWire(parts, new WeakMap()));
      const sendable = parts.snapshot.sessions.filter(
        ({ sessionId }) => sessionId.length <= LONGEST_IDENTITY,
      );
      expect(sessions.map(({ session_id }) => session_id)).toEqual(
        sendable.map(({ sessionId }) => sessionId),
      );
      for (const [at, { totalTokens, costNanoUsd }] of sendable.entries()) {
        const { total_tokens, cost_usd } = sessions[at] ?? { total_tokens: "", cost_usd: null };
        expect(BigInt(total_tokens)).toBe(totalTokens);
        const cost = costNanoUsd === undefined ? null : exactUsd(costNanoUsd);
        expect(cost_usd === null ? null : String(cost_usd)).toBe(cost);
      }
      const paths = new Set(parts.files.map(({ path }) => path));
      expect(files.every(({ path }) => paths.has(path))).toBe(true);
    }),
    { numRuns: runs(100), seed },
  );
});

const [sample] = fc.sample(wireParts, { seed: 1, numRuns: 1 });
if (sample === undefined) throw new Error("no sample was drawn");
const { today, now } = sample.snapshot;

function stateOf(changes: Partial<WireParts>) {
  return portable(toWire({ ...sample, files: [], ...changes } as WireParts, new WeakMap()));
}

test("a message that is not the live state is refused, and nothing more than that is read", () => {
  const state = stateOf({ snapshot: { now, today, sessions: [], recent: [] } });
  const read = (changes: object) => v.safeParse(wireStateSchema, { ...state, ...changes });
  expect(read({}).success).toBe(true);
  expect(read({ more: 1 }).output).toEqual(state);
  for (const faulty of [
    { time: "now" },
    { time: 1_790_000_000_000_000 },
    { today: { ...state.today, cost_usd: "1e9" } },
    { today: { ...state.today, total_tokens: "0x10" } },
    { today: { ...state.today, errors: Number.NaN } },
    { store: { state: "unheard-of", reason: null, hint: null } },
    { store: { state: "ok", reason: "x".repeat(10_001), hint: null } },
    { files: [{ path: "a", state: "following" }] },
    { recent: [{ kind: "request" }] },
    { sessions: {} },
  ]) {
    expect(read(faulty).success, JSON.stringify(faulty).slice(0, 80)).toBe(false);
  }
});

test("long texts are cut between characters, ids and paths are not", () => {
  const file = { state: "waiting", size_bytes: 0, cursor_offset: 0, rejected_lines: 0 } as const;
  const path = "p".repeat(5000);
  const { files } = stateOf({
    files: [
      { ...file, path, reason: "A".repeat(100_001) },
      { ...file, path: "b", reason: `${"a".repeat(999)}🙂b` },
      { ...file, path: "q".repeat(LONGEST_IDENTITY + 1), reason: null },
    ],
  });
  expect(files.map((each) => [each.path, each.reason])).toEqual([
    [path, `${"A".repeat(1000)}…`],
    ["b", `${"a".repeat(999)}…`],
  ]);
});

test("a file that is gone and has a successor at its path is left out", () => {
  const file = { reason: null, size_bytes: 0, cursor_offset: 0, rejected_lines: 0 };
  const files = [
    { ...file, path: "a", state: "missing" },
    { ...file, path: "a", state: "following" },
    { ...file, path: "b", state: "missing" },
  ] as const;
  expect(stateOf({ files }).files).toEqual(files.slice(1));
});

test("sessions that have not changed are the same objects", () => {
  const [session] = fc
    .sample(wireParts, { seed: 1, numRuns: 50 })
    .flatMap(({ snapshot }) => snapshot.sessions);
  if (session === undefined) throw new Error("no session was drawn");
  const known = new WeakMap();
  const parts = { ...sample, snapshot: { now, today, sessions: [session], recent: [] } };
  const [first] = toWire(parts, known).sessions;
  expect(toWire(parts, known).sessions[0]).toBe(first);
  const changed = { ...parts, snapshot: { ...parts.snapshot, sessions: [{ ...session }] } };
  expect(toWire(changed, known).sessions[0]).not.toBe(first);
});

test("a backlog is one until it is read, but not while it is unknown whether there is one", () => {
  const read = (ready: boolean, catchingUp: number | undefined) => {
    const state = stateOf({ ready, catchingUp });
    return [state.catching_up, backlogRead(state)];
  };
  expect(read(true, undefined)).toEqual([null, null]);
  expect(read(false, undefined)).toEqual([0, null]);
  expect(read(false, 0.5)).toEqual([0.5, 0.5]);
  expect(read(true, 0.5)).toEqual([0.5, 0.5]);
});

test("what is not all known is a lower bound, and what is unknown is no amount", () => {
  const spent = (cost_usd: number | string | null, unpriced_requests: number | null) =>
    spentText({ cost_usd, unpriced_requests });
  expect([spent(0.49, 0), spent("0.49", 3), spent(0, 3), spent(null, 3), spent(1, null)]).toEqual([
    "$0.49",
    "≥ $0.49",
    "≥ $0.00",
    "–",
    "$1.00",
  ]);
  const rate = (usd_per_minute: number | null, unpriced_requests_of_rate: number) =>
    rateText({ usd_per_minute, unpriced_requests_of_rate });
  expect([rate(0.006, 0), rate(0.006, 1), rate(0, 0), rate(null, 1)]).toEqual([
    "$0.36/h",
    "≥ $0.36/h",
    "",
    "",
  ]);
});

test("a session runs while it was active lately", () => {
  const time = "2026-11-21T10:10:00Z";
  const at = (last_activity: string, withinMs?: number) =>
    isRunning({ last_activity }, time, withinMs);
  expect(at("2026-11-21T10:05:00.000001Z")).toBe(true);
  expect(at("2026-11-21T10:05:00Z")).toBe(false);
  expect(at("2026-11-21T10:09:00Z", 60_000)).toBe(false);
  expect(at("infinity")).toBe(true);
});
