import { expect, test } from "vitest";
import { sessionMap } from "../../src/stage/session-map.ts";

test("a session map is tags by session", () => {
  const read = sessionMap('\uFEFF{"s1": {"stage": "plan", "workflow_id": "w"}, "s2": {}}');
  expect(read.map(([session, tags]) => [session, Object.fromEntries(tags)])).toEqual([
    ["s1", { stage: "plan", workflow_id: "w" }],
    ["s2", {}],
  ]);
  for (const text of ["", "[]", '{"s1": "plan"}', '{"s1": {"stage": 1}}']) {
    expect(() => sessionMap(text)).toThrow("not a JSON object");
  }
});
