import { expect, test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import type { LiveSession } from "../../src/live/snapshot.ts";
import { LineWriter, options } from "../support/live.ts";
import { type Event, line, request } from "../support/otlp.ts";

const START = Date.parse("2026-11-21T12:00:00.000Z");
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();

function shown(...events: readonly Event[]): LiveView {
  const view = new LiveView(options);
  const writer = new LineWriter();
  view.take(
    events.flatMap((event) => writer.decode(line(event))),
    0,
  );
  return view;
}

function sessionOf(...events: readonly Event[]): LiveSession | undefined {
  return shown(...events).snapshot((START + 3_600_000) * 1000).sessions[0];
}

const tool = (minute: number, more: Readonly<Record<string, string>> = {}): Event => ({
  at: at(minute),
  name: "tool_result",
  attributes: { "session.id": "s1", tool_name: "Bash", success: "true", ...more },
});

test("a session has each value of the latest record with it", () => {
  const main = { model: "claude-opus-5-5", "prompt.id": "p1", input_tokens: 5 };
  const session = sessionOf(
    request(at(3), { ...main, query_source: "repl_main_thread", stage: "plan" }),
    request(at(1), { ...main, "prompt.id": "p0", input_tokens: 999, agent: "a1" }),
    request(at(4), { model: "claude-haiku-5-5", query_source: "compact", input_tokens: 700 }),
    tool(5, { stage: "implement", workflow_id: "w1" }),
  );
  expect(session).toMatchObject({
    model: "claude-opus-5-5",
    source: "auxiliary",
    contextTokens: 7n,
    promptId: "p1",
    stage: "implement",
    workflowId: "w1",
    agent: "a1",
    taskId: undefined,
    lastActivity: Date.parse(at(5)) * 1000,
  });
  expect(session?.models.map(({ name, requests }) => [name, requests])).toEqual([
    ["claude-opus-5-5", 2],
    ["claude-haiku-5-5", 1],
  ]);
  expect(session?.stages.map(({ name, costNanoUsd }) => [name, costNanoUsd])).toEqual([
    [undefined, 20_000_000n],
    ["plan", 10_000_000n],
  ]);
});

test("failures, errors, refusals and prompts are counted, and other events are only activity", () => {
  const event = (name: string, minute: number): Event => ({ ...tool(minute), name });
  const session = sessionOf(
    ...[tool(1), tool(2, { success: "false" }), event("api_error", 3), event("api_refusal", 4)],
    ...[event("user_prompt", 5), event("hook_execution_complete", 6)],
  );
  expect(session).toMatchObject({
    ...{ toolCalls: 2, toolFailures: 1, errors: 1, refusals: 1, prompts: 1 },
    ...{ requests: 0, ledger: undefined, cacheHitRate: undefined },
    ...{ firstTime: Date.parse(at(1)) * 1000, lastTime: Date.parse(at(5)) * 1000 },
    lastActivity: Date.parse(at(6)) * 1000,
  });
  expect(sessionOf(event("hook_execution_complete", 6))).toBeUndefined();
});

test("the last events of all sessions are listed, newest first", () => {
  const events = Array.from({ length: 20 }, (_, minute) =>
    tool(minute % 2 === 0 ? minute : 20 - minute, { "session.id": `s${minute}` }),
  );
  const { recent } = shown(...events).snapshot((START + 3_600_000) * 1000);
  expect(recent.map(({ time }) => (time / 1000 - START) / 60_000)).toEqual([
    19, 18, 17, 16, 15, 14, 13, 12,
  ]);
});

test("sessions are in the order of their last activity", () => {
  const of = (session: string, minute: number): Event => tool(minute, { "session.id": session });
  const { sessions } = shown(of("a", 1), of("b", 3), of("c", 2), of("a", 4)).snapshot(
    (START + 3_600_000) * 1000,
  );
  expect(sessions.map(({ sessionId }) => sessionId)).toEqual(["a", "b", "c"]);
});
