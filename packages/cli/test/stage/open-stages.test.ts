import { expect, test } from "vitest";
import { type Mark, marksLine } from "../../src/stage/mark.ts";
import { openStages } from "../../src/stage/open-stages.ts";
import { sessionMap } from "../../src/stage/session-map.ts";

function line(action: Mark["action"], tags: Readonly<Record<string, string>>): string {
  return marksLine([{ action, session: "s1", tags: new Map(Object.entries(tags)) }], 0, "1");
}

function open(...lines: readonly string[]): readonly string[] {
  return openStages(lines.join(""), "s1").map(({ stage }) => stage);
}

test("what is open is what began and did not end", () => {
  expect(open("half a li\n", line("start", { stage: "a" }))).toEqual(["a"]);
  expect(open(line("start", { stage: "a" }), line("end", { stage: "b" }))).toEqual(["a"]);
  expect(open(line("start", { stage: "a" }), line("end", { stage: "a" }))).toEqual([]);
  expect(
    open(line("start", { stage: "a" }), line("start", { stage: "b" }), line("end", {})),
  ).toEqual([]);
  expect(
    open(
      line("start", { stage: "a", task_id: "1" }),
      line("start", { stage: "a", task_id: "2" }),
      line("end", { stage: "a", task_id: "1" }),
    ),
  ).toEqual(["a"]);
  expect(openStages(line("start", { stage: "a" }), "s2")).toEqual([]);
});

test("a session map is tags by session", () => {
  const read = sessionMap('\uFEFF{"s1": {"stage": "plan", "workflow_id": "w"}, "s2": {}}');
  expect(read.map(([session, tags]) => [session, Object.fromEntries(tags)])).toEqual([
    ["s1", { stage: "plan", workflow_id: "w" }],
    ["s2", {}],
  ]);
  for (const text of ["", "[]", '{"s1": "plan"}', '{"s1": {"stage": 1}}']) {
    expect(() => sessionMap(text)).toThrow("no JSON object");
  }
});
