import { expect, test } from "vitest";
import { sourceKind } from "../../src/model/source-kind.ts";

test.each([
  [undefined, "unknown"],
  ["", "unknown"],
  [" ", "unknown"],
  ["unknown", "unknown"],
  ["sdk", "main"],
  ["main", "main"],
  ["repl_main_thread", "main"],
  ["repl_main_thread:outputStyle:custom", "main"],
  ["agent:builtin:general-purpose", "subagent"],
  ["agent:custom", "subagent"],
  ["subagent", "subagent"],
  ["hook_agent", "subagent"],
  ["auxiliary", "auxiliary"],
  ["compact", "auxiliary"],
  ["hook_prompt", "auxiliary"],
])("query_source %s is %s", (source, kind) => {
  expect(sourceKind(source)).toBe(kind);
});
