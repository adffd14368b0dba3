import { describe, expect, test } from "vitest";
import { hookSettings, withHooks, withoutHooks } from "../../src/hooks/settings.ts";

const OURS = "cctelemetry hooks mark";
const own = { type: "command", command: OURS, timeout: 10 };
const events = ["UserPromptSubmit", "SubagentStart", "SubagentStop"];

function put(text: string): string {
  return withHooks(text, OURS, "settings.json");
}

function taken(text: string): string {
  return withoutHooks(text, "settings.json");
}

describe("hooks are put into settings", () => {
  test("that are empty", () => {
    expect(JSON.parse(put(""))).toEqual(hookSettings(OURS));
    expect(Object.keys(Object(hookSettings(OURS)["hooks"]))).toEqual(events);
  });

  test("beside others, with comments and order as they were, and once", () => {
    const text = `{
  // mine
  "model": "opus",
  "hooks": {
    "UserPromptSubmit": [
      { "hooks": [{ "type": "command", "command": "echo hi" }] } // greets
    ],
    "Stop": []
  }
}
`;
    const edited = put(text);
    expect(edited).toContain("// mine");
    expect(edited).toContain("// greets");
    expect(edited.split(OURS).length - 1).toBe(3);
    expect(put(edited)).toBe(edited);
    const back = taken(edited);
    expect(back).not.toContain(OURS);
    expect(back).toContain('"echo hi"');
    expect(back).toContain('"Stop": []');
    expect(taken(back)).toBe(back);
  });

  test("in place of those of an older place of the program", () => {
    const old = "/usr/bin/node '/old place/cctelemetry.mjs' hooks mark";
    const edited = put(withHooks("{}", old, "settings.json"));
    expect(JSON.parse(edited)).toEqual(hookSettings(OURS));
  });

  test("and out of a group of several, leaving the others", () => {
    const other = { type: "command", command: "true" };
    const text = JSON.stringify({ hooks: { SubagentStop: [{ hooks: [other, own] }] } });
    expect(JSON.parse(taken(text))).toEqual({ hooks: { SubagentStop: [{ hooks: [other] }] } });
    expect(JSON.parse(taken(JSON.stringify({ a: 1, ...hookSettings(OURS) })))).toEqual({ a: 1 });
  });

  test("or not, where they are no settings", () => {
    expect(() => put("[1]")).toThrow("is not valid JSON");
    expect(() => put('{"hooks": 1}')).toThrow("should be an object");
    expect(() => put('{"hooks": {"SubagentStop": {}}}')).toThrow("should be an array");
  });
});
