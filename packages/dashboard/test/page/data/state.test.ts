import { expect, test } from "vitest";
import type { ReportDescription } from "../../../src/host/protocol.ts";
import {
  filterText,
  firstState,
  parametersFor,
  readFilter,
  remembered,
} from "../../../src/page/data/state.ts";

const report: ReportDescription = {
  name: "stages",
  title: "",
  question: "",
  parameters: ["since", "until", "last", "tz", "workflow", "limit"],
  required: [],
  splits: [],
  limit: 50,
  columns: [],
};

test("a report is asked only for what it can be asked", () => {
  const state = { ...firstState, workflow: "w", stage: "s" };
  expect(parametersFor(report, state, "UTC", { limit: "all", by: "model" })).toEqual({
    last: "7d",
    workflow: "w",
    tz: "UTC",
    limit: "all",
  });
});

test("a range of one's own takes the place of the span", () => {
  const state = { ...firstState, since: "2026-11-01", until: null };
  expect(parametersFor(report, state, "UTC")).toEqual({ since: "2026-11-01", tz: "UTC" });
});

test("a view may lift the range", () => {
  const all = { last: null, since: null, until: null };
  expect(parametersFor(report, firstState, "UTC", all)).toEqual({ tz: "UTC" });
});

test.each([
  ["workflow:.claude-4nq stage:review", { workflow: ".claude-4nq", stage: "review" }],
  ['stage:"code review" model:x', { stage: "code review", model: "x" }],
  ["", {}],
])("%s is read and written alike", (text, wanted) => {
  const none = { workflow: null, stage: null, session: null, model: null };
  const { filter, unknown } = readFilter(text);
  expect(filter).toEqual({ ...none, ...wanted });
  expect(unknown).toBe("");
  expect(filterText(filter)).toBe(text);
});

test("what is no filter is reported", () => {
  expect(readFilter("colour:red word stage:a").unknown).toBe("colour:red word");
});

test("the history holds each statement once, the last twenty", () => {
  const many = Array.from({ length: 30 }, (_, at) => `SELECT ${at}`);
  const history = remembered(many, "SELECT 3");
  expect(history).toHaveLength(20);
  expect(history.slice(0, 2)).toEqual(["SELECT 3", "SELECT 0"]);
});
