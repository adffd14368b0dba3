import { afterEach, describe, expect, test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import { loadLive } from "../../src/live-store/live-rows.ts";
import { linesOf } from "../support/fixtures.ts";
import { asked, comparable, LineWriter, loaded, options, refresh } from "../support/live.ts";
import { seed } from "../support/runs.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

let db: TestStore | undefined;
afterEach(async () => {
  await db?.remove();
  db = undefined;
});

/** How many lines lie between two cuts that are looked at; FAULTS_EVERY=1 looks at every one. */
const STEP = process.env["FAULTS_EVERY"] === "1" ? 1 : 24;
/** The first of them, another in each run. */
const FIRST = Math.abs(seed) % STEP;

const isMetrics = (line: Buffer): boolean => line.includes('"resourceMetrics"');

/** Lines, and how they are chosen or ordered. */
const cases: readonly (readonly [string, string, (lines: Buffer[]) => Buffer[]])[] = [
  ["a workflow of models and subagents", "M-workflow-mixed.jsonl", (lines) => lines],
  ["sessions side by side", "L-json-parallel.jsonl", (lines) => lines],
  ["lines that come twice", "L-json-dupes.all.jsonl", (lines) => lines],
  ["cumulative counters", "L-json-cumulative.jsonl", (lines) => lines],
  [
    "cumulative counters alone",
    "L-json-cumulative.jsonl",
    (lines) => lines.filter((line) => isMetrics(line)),
  ],
  [
    "cumulative counters alone, backwards",
    "L-json-cumulative.jsonl",
    (lines) => lines.filter((line) => isMetrics(line)).reverse(),
  ],
  ["metrics alone", "L-workflow.jsonl", (lines) => lines.filter((line) => isMetrics(line))],
  [
    "metrics before the events that take their place",
    "L-json-parallel.jsonl",
    (lines) => [
      ...lines.filter((line) => isMetrics(line)),
      ...lines.filter((line) => !isMetrics(line)),
    ],
  ],
];

describe(`the live state of a file, cut after its lines (FAULT_SEED=${seed})`, () => {
  test.each(cases)("%s", async (_name, file, choose) => {
    const lines = choose(linesOf(file));
    const decoded = lines.map((line) => new LineWriter().decode(line));
    const now = Math.max(...decoded.flat().map(({ time }) => time)) + 1_000_000;
    db = await storeOf();
    const { store } = db;
    const follower = await loaded(store, now);
    let marks = await store.reading((session) =>
      loadLive(session, follower.scope(now)).then((rows) => rows.marks),
    );
    const cuts: (readonly [cut: number, view: LiveView])[] = [[0, await loaded(store, now)]];
    for (const [at, line] of lines.entries()) {
      const writer = new LineWriter();
      follower.take(writer.decode(line), at);
      const before = follower.snapshot(now);
      await writer.store(store, async (session) => {
        marks = await refresh(session, follower, marks, now, at);
      });
      // What was shown before it was stored is what the store says then.
      expect(follower.snapshot(now)).toEqual(before);
      const isLast = at === lines.length - 1;
      if (at % STEP !== FIRST && !isLast) continue;
      expect(comparable(before)).toEqual(await asked(store, now));
      const fresh = await loaded(store, now);
      expect(fresh.snapshot(now)).toEqual(before);
      cuts.push([at + 1, fresh]);
    }
    expect(follower.snapshot(now).sessions.length).toBeGreaterThan(0);
    for (const [cut, view] of cuts) {
      view.take(decoded.slice(cut).flat(), 0);
      expect(view.snapshot(now)).toEqual(follower.snapshot(now));
    }
  });

  test("shows the options it was given", () => {
    const view = new LiveView(options);
    expect(view.snapshot(0)).toEqual({
      now: 0,
      sessions: [],
      recent: [],
      today: {
        ...{ day: "1970-01-01", sessions: 0, requests: 0, ledger: undefined },
        ...{ inputTokens: 0n, outputTokens: 0n, cacheReadTokens: 0n, cacheCreationTokens: 0n },
        ...{
          totalTokens: 0n,
          costNanoUsd: 0n,
          unpricedRequests: 0,
          cacheHitRate: undefined,
          prompts: 0,
        },
        ...{ errors: 0, refusals: 0, toolCalls: 0, toolFailures: 0 },
        burn: { tokensPerMinute: 0, usdPerMinute: 0, unpricedRequests: 0 },
      },
    });
  });
});
