import { expect, test } from "vitest";
import { readHostMessage, readPageMessage, readPageState } from "../../src/host/protocol.ts";
import { firstState } from "../../src/page/data/state.ts";

test.each([
  [{ kind: "ready" }],
  [{ kind: "report", id: 1, name: "stages", parameters: { last: "7d", limit: 5, by: null } }],
  [{ kind: "query", id: 2, sql: "SELECT 1", limit: 5000 }],
  [{ kind: "save", name: "result.csv", text: "a" }],
  [{ kind: "state", state: firstState }],
])("%j is a page's message", (message) => {
  expect(readPageMessage(message)).toEqual(message);
});

test.each([
  [undefined],
  [{ kind: "report", id: 1, name: "../x", parameters: {} }],
  [{ kind: "report", id: 1, name: "stages", parameters: { __proto__x: "1" } }],
  [JSON.parse('{"kind":"report","id":1,"name":"stages","parameters":{"__proto__":"1"}}')],
  [{ kind: "report", id: -1, name: "stages", parameters: {} }],
  [{ kind: "query", id: 2, sql: "SELECT 1", limit: 5001 }],
  [{ kind: "query", id: 2, sql: 1, limit: 5 }],
  [{ kind: "save", name: "../../etc/passwd", text: "a" }],
  [{ kind: "command", command: "workbench.action.quit" }],
  [{ kind: "state", state: { ...firstState, tab: "nowhere" } }],
])("%j is none", (message) => {
  const read = readPageMessage(message);
  if (read?.kind === "report") expect(Object.keys(read.parameters)).toEqual([]);
  else expect(read).toBeUndefined();
});

test("a message has no more than the protocol", () => {
  expect(readPageMessage({ kind: "ready", more: 1 })).toEqual({ kind: "ready" });
  expect(readPageState({ ...firstState, more: 1 })).toEqual(firstState);
});

test("a state that was kept before usage could be split is taken as it was", () => {
  const { split, ...before } = firstState;
  expect(readPageState(before)).toEqual({ ...before, split });
  expect(readPageState({ ...before, split: "tag:team" })?.split).toBe("tag:team");
});

test("a table has at most the rows of a message", () => {
  const table = { kind: "table", id: 1, columns: [], more: false, footer: null };
  expect(readHostMessage({ ...table, rows: [[1, "a", null, true]] })).toBeDefined();
  expect(
    readHostMessage({ ...table, rows: Array.from({ length: 5001 }, () => []) }),
  ).toBeUndefined();
  expect(readHostMessage({ ...table, rows: [[{}]] })).toBeUndefined();
});
