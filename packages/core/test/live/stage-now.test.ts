import { describe, expect, test } from "vitest";
import type { LiveSession } from "../../src/live/snapshot.ts";
import { LiveState } from "../../src/live/state.ts";
import { LineWriter, loaded, options } from "../support/live.ts";
import { type Event, fileOf, line, request } from "../support/otlp.ts";
import { storeOf } from "../support/telemetry.ts";

type Attributes = Readonly<Record<string, string | number>>;

const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`;
const NOW = Date.parse(at(59)) * 1000;

function mark(minute: number, action: string, attributes: Attributes = {}): Event {
  const all = { "session.id": "s1", action, ...attributes };
  return { at: at(minute), name: "stage_mark", attributes: all };
}

/** A request that ended at a minute and took half of one. */
function asked(minute: number, attributes: Attributes = {}): Event {
  const all = { request_id: `r${minute}`, duration_ms: 30_000, ...attributes };
  return request(at(minute), all);
}

const explorer = { agent_id: "a1", "agent.name": "Explore", query_source: "agent:builtin:Explore" };
const plan = mark(10, "start", { stage: "plan", workflow_id: "w1" });

/** What a session shows of its stage: by records as they come, and as the store holds them. */
async function shownOf(...events: readonly Event[]): Promise<readonly unknown[]> {
  const states = [events, [...events].reverse()].map((all) => {
    const state = new LiveState(options);
    const lines = new LineWriter();
    for (const each of all) for (const record of lines.decode(line(each))) state.add(record);
    return state.snapshot(NOW);
  });
  const db = await storeOf(await fileOf(...events));
  try {
    // Two days later everything is old, and stands in groups.
    const stored = await loaded(db.store, NOW);
    const old = await loaded(db.store, NOW + 86_400_000_000);
    states.push(stored.snapshot(NOW), old.snapshot(NOW + 86_400_000_000));
  } finally {
    await db.remove();
  }
  const shown = states.map(({ sessions: [session] }) => labelsOf(session));
  expect(new Set(shown.map((each) => JSON.stringify(each))).size).toBe(1);
  return shown[0] ?? [];
}

function labelsOf(session: LiveSession | undefined): readonly unknown[] {
  return [session?.attribution, session?.stage, session?.workflowId];
}

describe("a running session is in the stage", () => {
  test.each<[string, readonly Event[], readonly unknown[]]>([
    ["of no mark and no tag", [asked(11)], ["none", undefined, undefined]],
    ["of its tag, whatever marks say", [plan, asked(11, { stage: "t" })], ["tag", "t", undefined]],
    ["of the mark its last request was begun after", [plan, asked(11)], ["mark", "plan", "w1"]],
    ["of a mark that came since", [asked(9), plan], ["mark", "plan", "w1"]],
    [
      "of none once it is ended",
      [plan, asked(11), mark(12, "end"), asked(14)],
      ["none", undefined, undefined],
    ],
    [
      "of none once it is ended, though nothing was asked since",
      [plan, asked(11), mark(12, "end")],
      ["none", undefined, undefined],
    ],
    [
      "of none where an end names another workflow",
      [plan, mark(12, "end", { stage: "plan", workflow_id: "w2" }), asked(14)],
      ["none", undefined, undefined],
    ],
    ["of the type of its subagent", [asked(11, explorer)], ["agent", "Explore", undefined]],
    ["of the mark before that", [plan, asked(11, explorer)], ["mark", "plan", "w1"]],
    [
      "that a subagent's run began in",
      [plan, asked(11, explorer), mark(12, "end"), asked(14, explorer)],
      ["mark", "plan", "w1"],
    ],
    [
      "of its map",
      [mark(1, "session", { stage: "docs" }), plan, asked(11)],
      ["session_map", "docs", undefined],
    ],
  ])("%s", async (_name, events, expected) => {
    expect(await shownOf(...events)).toEqual(expected);
  });

  test.each<[string, readonly Event[]]>([
    ["side by side", [plan, mark(10, "start", { stage: "build" }), asked(11)]],
    [
      "mapped twice",
      [mark(1, "session", { stage: "docs" }), mark(2, "session", { stage: "plan" }), asked(11)],
    ],
  ])("that is ambiguous where stages are %s", async (_name, events) => {
    expect(await shownOf(...events)).toEqual(["ambiguous", undefined, undefined]);
  });
});

describe("a mark with attributes of any kind", () => {
  const nested = (depth: number): string =>
    depth === 0
      ? '{"intValue":"1"}'
      : `{"kvlistValue":{"values":[{"key":"k","value":${nested(depth - 1)}}]}}`;

  test.each([
    ["no number", '{"doubleValue":"NaN"}'],
    ["one without end", '{"doubleValue":"Infinity"}'],
    ["bytes", '{"bytesValue":"AAEC"}'],
    ["lists in lists", nested(20)],
    ["nothing", "{}"],
  ])("says what it says beside %s", (_name, value) => {
    const odd = `{"key":"odd","value":${value}},{"key":"action"`;
    const state = new LiveState(options);
    const lines = new LineWriter();
    const marked = line(plan).replace('{"key":"action"', odd);
    for (const each of [marked, line(asked(11))]) {
      for (const record of lines.decode(each)) state.add(record);
    }
    expect(labelsOf(state.snapshot(NOW).sessions[0])).toEqual(["mark", "plan", "w1"]);
  });

  test("says nothing with an action that is no text", () => {
    const state = new LiveState(options);
    const lines = new LineWriter();
    const marked = line(plan).replace('{"stringValue":"start"}', '{"intValue":"1"}');
    for (const each of [marked, line(asked(11))]) {
      for (const record of lines.decode(each)) state.add(record);
    }
    expect(labelsOf(state.snapshot(NOW).sessions[0])).toEqual(["none", undefined, undefined]);
  });
});
