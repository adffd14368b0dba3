import { openStagesIn } from "@cctelemetry/core/meter";
import { expect, test } from "vitest";
import { type Mark, marksLine } from "../../src/stage/mark.ts";

let now = Date.parse("2026-11-21T10:00:00Z");

/** A line of a mark a second after the one before. */
function line(action: Mark["action"], tags: Readonly<Record<string, string>>): string {
  now += 1000;
  return marksLine([{ action, session: "s1", tags: new Map(Object.entries(tags)) }], now, "1");
}

function open(...lines: readonly string[]): readonly (string | undefined)[] {
  return openStagesIn(Buffer.from(lines.join("")), "s1").map(({ tags }) => tags.stage);
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
});

test("the workflow of an end does not matter, as in the views", () => {
  const start = line("start", { stage: "a", workflow_id: "w1" });
  expect(open(start, line("end", { stage: "a", workflow_id: "w2" }))).toEqual([]);
});

test("lines come in any order, and the last may be cut short", () => {
  const [start, end] = [line("start", { stage: "a" }), line("end", {})];
  const late = line("start", { stage: "b" });
  expect(open(late, end, start)).toEqual(["b"]);
  expect(open(start, end.slice(0, -1))).toEqual(["a"]);
  expect(open(start, end.slice(0, 40))).toEqual(["a"]);
  expect(open(late.slice(100), start)).toEqual(["a"]);
});

test("other sessions say nothing of it", () => {
  expect(openStagesIn(Buffer.from(line("start", { stage: "a" })), "s2")).toEqual([]);
  expect(openStagesIn(Buffer.from(""), "s1")).toEqual([]);
});
