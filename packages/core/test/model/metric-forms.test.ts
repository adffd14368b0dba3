import { expect, test } from "vitest";
import {
  canonicalMetric,
  countingOf,
  hasValue,
  sumOfDistribution,
} from "../../src/model/metric-forms.ts";

const own = [
  "claude_code.session.count",
  "claude_code.token.usage",
  "claude_code.cost.usage",
  "claude_code.active_time.total",
  "claude_code.lines_of_code.count",
  "claude_code.commit.count",
  "claude_code.pull_request.count",
  "claude_code.code_edit_tool.decision",
];

test.each(own)("%s keeps its name", (name) => {
  expect(canonicalMetric(name)).toBe(name);
  expect(canonicalMetric(name.replaceAll(".", "_"))).toBe(name);
  expect(canonicalMetric(`${name.replaceAll(".", "_")}_total`)).toBe(name);
});

test.each([
  ["claude_code_token_usage_tokens_total", "claude_code.token.usage"],
  ["claude_code_token_usage_tokens", "claude_code.token.usage"],
  ["claude_code_cost_usage_USD_total", "claude_code.cost.usage"],
  ["claude_code_cost_usage_usd_total", "claude_code.cost.usage"],
  ["claude_code_cost_usage_USD", "claude_code.cost.usage"],
  ["claude_code.cost.usage_USD_total", "claude_code.cost.usage"],
  ["claude_code.cost.usage.total", "claude_code.cost.usage"],
  ["claude_code_active_time_seconds_total", "claude_code.active_time.total"],
  ["claude_code_active_time_total_seconds_total", "claude_code.active_time.total"],
  ["claude_code_active_time_s_total", "claude_code.active_time.total"],
  ["claude_code_code_edit_tool_decision_total", "claude_code.code_edit_tool.decision"],
])("%s is %s", (name, canonical) => {
  expect(canonicalMetric(name)).toBe(canonical);
});

test.each([
  "claude_code_cost_total",
  "claude_code_tokens_total",
  "claude_code.token.usage.rate",
  "claude_code_token_usage_created",
  "my_claude_code_token_usage_total",
  "gen_ai.client.token.usage",
  "claude_code_",
  "total",
  "",
])("%j is no metric of Claude Code", (name) => {
  expect(canonicalMetric(name)).toBeUndefined();
});

const metric = {
  name: "claude_code.token.usage",
  dataType: "sum",
  temporality: "delta",
} as const;

test("a point counts as its metric says; where that says nothing, at least as a counter", () => {
  expect(countingOf(metric)).toBe("delta");
  expect(countingOf({ ...metric, temporality: "cumulative" })).toBe("cumulative");
  expect(countingOf({ ...metric, temporality: "unspecified" })).toBe("assumed");
  expect(countingOf({ ...metric, dataType: "gauge", temporality: undefined })).toBe("assumed");
  expect(countingOf({ ...metric, dataType: "histogram" })).toBe("delta");
});

test("summaries and metrics of others do not count", () => {
  expect(countingOf({ ...metric, name: "process.cpu.time" })).toBeUndefined();
  expect(countingOf({ ...metric, dataType: "summary", temporality: undefined })).toBeUndefined();
});

test.each([
  [5, undefined, true],
  [0, '{"flags":2}', true],
  [5, '{"flags":1}', false],
  [5, '{"exemplars":[]}', true],
  [undefined, undefined, false],
  [Number.NaN, undefined, false],
  [Number.POSITIVE_INFINITY, undefined, false],
])("a point of %s with %s has a value: %s", (value, otherFields, has) => {
  expect(hasValue(value, otherFields)).toBe(has);
});

test("the sum of a histogram", () => {
  expect(sumOfDistribution('{"count":2,"sum":300.5}')).toBe(300.5);
  expect(sumOfDistribution('{"count":2}')).toBeUndefined();
  expect(sumOfDistribution('{"count":2,"sum":"NaN"}')).toBeUndefined();
});
