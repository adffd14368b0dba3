import { expect, test } from "vitest";
import { type Mark, marksLine } from "../../src/stage/mark.ts";

/** The attributes of the only mark of a line; fails where one stands there twice. */
function attributesOf(mark: Mark): Record<string, string> {
  const line = marksLine([mark], 1_794_301_200_000, "1.2.3");
  const [record] = JSON.parse(line).resourceLogs[0].scopeLogs[0].logRecords;
  const pairs: [string, string][] = record.attributes.map(
    ({ key, value }: { key: string; value: { stringValue: string } }) => [key, value.stringValue],
  );
  expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length);
  return Object.fromEntries(pairs);
}

const mark = {
  action: "start",
  session: "s-1",
  note: "said",
  promptId: "p",
  agentId: "a",
} as const;

test("a mark has its tags beside what it says", () => {
  const tags = new Map([
    ["stage", "plan"],
    ["team", "core"],
  ]);
  expect(attributesOf({ ...mark, tags })).toEqual({
    stage: "plan",
    team: "core",
    "event.name": "stage_mark",
    "event.timestamp": "2026-11-10T09:00:00.000Z",
    "session.id": "s-1",
    action: "start",
    "prompt.id": "p",
    agent_id: "a",
    note: "said",
  });
});

test("no tag takes the place of what a mark says", () => {
  const own = attributesOf({ ...mark, tags: new Map() });
  const tags = new Map(Object.keys(own).map((name) => [name, "other"]));
  expect(attributesOf({ ...mark, tags })).toEqual(own);
  expect(attributesOf({ action: "end", session: "s-1", tags })).not.toHaveProperty("note");
});
