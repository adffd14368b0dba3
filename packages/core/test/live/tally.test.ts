import { describe, expect, test } from "vitest";
import { keptJson, parseKept } from "../../src/live/kept-json.ts";
import type { LiveRecord } from "../../src/live/record.ts";
import { LiveState } from "../../src/live/state.ts";
import { type KeptTally, SessionTally } from "../../src/live/tally.ts";
import { linesOf } from "../support/fixtures.ts";
import { LineWriter, options } from "../support/live.ts";
import { line, request } from "../support/otlp.ts";

const isMetrics = (line: Buffer): boolean => line.includes('"resourceMetrics"');

function decoded(file: string, choose = (lines: Buffer[]): Buffer[] => lines): LiveRecord[] {
  return choose(linesOf(file)).flatMap((line) => [...new LineWriter().decode(line)]);
}

function sessionsOf(records: readonly LiveRecord[]): readonly string[] {
  return [...new Set(records.flatMap(({ sessionId }) => sessionId ?? []))];
}

/** What the whole live state says of a session. */
function oracle(records: readonly LiveRecord[], id: string, now: number): unknown {
  const state = new LiveState(options);
  const seen = new Set<string>();
  for (const record of records) {
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    state.add(record);
  }
  return state.snapshot(now).sessions.find(({ sessionId }) => sessionId === id);
}

/** A tally that is put away and taken up again after every few records. */
function tallied(
  records: readonly LiveRecord[],
  id: string,
  { now, every }: { now: number; every: number },
): unknown {
  let tally = new SessionTally(id);
  for (const [at, record] of records.entries()) {
    tally.add(record);
    if (at % every === 0)
      tally = new SessionTally(id, parseKept(keptJson(tally.keep(now))) as KeptTally);
  }
  return tally.shown(now);
}

const cases: readonly (readonly [string, readonly LiveRecord[]])[] = [
  ["a workflow", decoded("L-workflow.jsonl")],
  ["a workflow of two versions", decoded("M-workflow-mixed.jsonl")],
  ["an interactive session", decoded("L-tmux.jsonl")],
  ["lines that come twice", decoded("L-json-dupes.all.jsonl")],
  ["failures", decoded("L-json-err.jsonl")],
  ["backwards", decoded("L-json-sub.jsonl").reverse()],
  ["metrics alone", decoded("L-workflow.jsonl", (lines) => lines.filter(isMetrics))],
  ["counters alone", decoded("L-json-cumulative.jsonl", (lines) => lines.filter(isMetrics))],
  [
    "metrics before events",
    decoded("L-json-parallel.jsonl", (lines) =>
      lines.toSorted((a, b) => Number(isMetrics(b)) - Number(isMetrics(a))),
    ),
  ],
];

describe("a session put away and taken up again is as the live state has it", () => {
  test.each(cases)("%s", (_name, records) => {
    const last = Math.max(...records.map(({ time }) => time));
    // At the end, so that all is young, and two hours later, so that all is in groups.
    for (const now of [last, last + 2 * 3_600_000_000]) {
      for (const id of sessionsOf(records)) {
        const expected = oracle(records, id, now);
        for (const every of [1, 7]) {
          expect(tallied(records, id, { now, every })).toEqual(expected);
        }
      }
    }
  });
});

test("what is kept does not grow with the records, but for their ids", () => {
  const records = decoded("L-workflow.jsonl");
  const [id = ""] = sessionsOf(records);
  const now = Math.max(...records.map(({ time }) => time)) + 3_600_000_000;
  const tally = new SessionTally(id);
  for (const record of records) tally.add(record);
  for (let copy = 1; copy < 50; copy++) {
    for (const record of records) {
      tally.add({ ...record, id: record.id.replace(/^.{4}/, String(1000 + copy)) });
    }
  }
  const kept = tally.keep(now);
  expect(kept.records).toEqual([]);
  expect(kept.groups.length).toBeLessThan(30);
  expect(keptJson(kept).length - kept.ids.length).toBeLessThan(20_000);
});

describe("a request that is recorded more than once", () => {
  const NOW = Date.parse("2026-11-21T12:00:00.000Z");
  const at = new Date(NOW - 60_000).toISOString();
  const routes = ["laptop", "gateway", "third"].map((route, index) =>
    line(
      request(
        at,
        { request_id: "req_1", "session.id": "s1", cost_usd: index + 1 },
        { "deployment.environment": route },
      ),
    ),
  );
  const records = routes.flatMap((each) => [...new LineWriter().decode(each)]);
  const [best] = [...records].sort((one, other) => (one.id < other.id ? -1 : 1));
  const cost = best?.kind === "request" ? best.costNanoUsd : undefined;

  test.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
  ])("counts once, the same in any order: %d %d %d", (...order) => {
    const now = NOW * 1000;
    const chosen = order.flatMap((index) => records[index] ?? []);
    for (const every of [1, 10]) {
      const shown = tallied([...chosen, ...chosen], "s1", { now, every });
      expect(shown).toMatchObject({ requests: 1, costNanoUsd: cost });
    }
  });
});

test("marks of hooks displace none of stages, and the last of them are kept", () => {
  const START = Date.parse("2026-11-21T10:00:00.000Z");
  const mark = (second: number, action: string, more: Readonly<Record<string, string>>) => ({
    at: new Date(START + second * 1000).toISOString(),
    name: "stage_mark",
    attributes: { "session.id": "s1", action, ...more },
  });
  const hooks = Array.from({ length: 1200 }, (_, number) =>
    mark(number + 1, "prompt", { "prompt.id": `p${number}`, stage: `hooked ${number}` }),
  );
  const asked = request(new Date(START + 1_500_000).toISOString(), { "prompt.id": "p1199" });
  const events = [mark(0, "start", { stage: "plan" }), ...hooks, asked];
  const writer = new LineWriter();
  const records = events.flatMap((event) => writer.decode(line(event)));
  const now = (START + 1_600_000) * 1000;
  expect(tallied(records, "s1", { now, every: 400 })).toMatchObject({ stage: "plan" });
  const unstaged = records.slice(1);
  expect(tallied(unstaged, "s1", { now, every: 400 })).toMatchObject({ stage: "hooked 1199" });
});
