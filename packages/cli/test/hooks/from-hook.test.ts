import { describe, expect, test } from "vitest";
import { markOfHook } from "../../src/hooks/from-hook.ts";

const common = { session_id: "s1", prompt_id: "p1", cwd: "/x" };

function mark(input: object): unknown {
  const found = markOfHook(JSON.stringify({ ...common, ...input }));
  return found === undefined ? undefined : { ...found, tags: Object.fromEntries(found.tags) };
}

describe("a hook's JSON", () => {
  test.each([
    ["/plan the change", { stage: "plan" }],
    ["  /bd:work-on w-17", { stage: "bd:work-on" }],
    ["/plan", { stage: "plan" }],
    ["please /plan", {}],
    ["/usr/bin/env is a path", {}],
    ["secret words", {}],
  ])("of the prompt %j keeps no more than the command", (prompt, tags) => {
    const input = { hook_event_name: "UserPromptSubmit", prompt };
    expect(mark(input)).toEqual({ action: "prompt", session: "s1", promptId: "p1", tags });
  });

  test("of a long prompt is read as well; news of a subagent are no prompt", () => {
    const long = { hook_event_name: "UserPromptSubmit", prompt: `/plan ${"x".repeat(100_000)}` };
    expect(mark(long)).toMatchObject({ tags: { stage: "plan" } });
    const news = { ...long, prompt: "<task-notification>\n<task-id>a1</task-id>" };
    expect(mark(news)).toBeUndefined();
  });

  test.each(["SubagentStart", "SubagentStop"])("of %s names the subagent", (hook_event_name) => {
    expect(mark({ hook_event_name, agent_id: "a1", agent_type: "coder" })).toEqual({
      action: "subagent",
      session: "s1",
      promptId: "p1",
      agentId: "a1",
      tags: { stage: "coder", agent: "coder" },
    });
    expect(mark({ hook_event_name, agent_id: "a1" })).toBeUndefined();
  });

  test.each(["", "nothing", "null", "[]", "{}", '{"session_id": 1}'])("%j is nothing", (text) => {
    expect(markOfHook(text)).toBeUndefined();
  });

  test("of another event is nothing", () => {
    expect(mark({ hook_event_name: "Stop" })).toBeUndefined();
  });
});
