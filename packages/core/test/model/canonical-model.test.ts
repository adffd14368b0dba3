import { expect, test } from "vitest";
import { canonicalModel } from "../../src/model/canonical-model.ts";

test.each([
  ["us.anthropic.claude-opus-4-8-20260501-v1:0", "claude-opus-4-8"],
  ["bedrock/us.anthropic.claude-opus-4-20250514-v1:0", "claude-opus-4"],
  ["openrouter/anthropic/claude-sonnet-4.5", "claude-sonnet-4-5"],
  ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
  ["claude-opus-4.8[1m]", "claude-opus-4-8"],
  ["claude-opus-5-fast", "claude-opus-5"],
  ["claude-3-5-haiku-latest", "claude-3-5-haiku"],
  ["claude-3-5-haiku-20241022", "claude-3-5-haiku"],
  ["claude-opus-5", "claude-opus-5"],
  ["claude-opus-5-5", "claude-opus-5-5"],
])("%s is %s", (name, canonical) => {
  expect(canonicalModel(name)).toBe(canonical);
});
