import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderForFile, query, run } from "../support/cli.ts";

const input = fileURLToPath(
  new URL("../../fixtures/field/13-model-names/input.jsonl", import.meta.url),
);
const PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123def456";

const folder = folderForFile(beforeAll, afterAll);
const database = (): string => join(folder(), "t.duckdb");
beforeAll(async () => {
  const { code, stderr } = await run(["import", input, "--db", database()]);
  expect(code, stderr).toBe(0);
});

test("one model under eighteen names is one row; what is unknown is shown as it is", async () => {
  const { stdout } = await run(["report", "models", "--json", "--db", database()]);
  const rows: readonly Readonly<Record<string, unknown>>[] = JSON.parse(stdout);
  expect(rows.map(({ model, requests }) => [model, requests])).toEqual([
    ["claude-sonnet-4-5", 18],
    ["claude-opus-4-7", 2],
    [PROFILE, 1],
    ["claude-opus-4-6", 1],
    ["deepseek-chat", 1],
    ["glm-4.6", 1],
    ["sonnet", 1],
  ]);
  expect(rows.map(({ names }) => names).slice(0, 4)).toEqual([
    "anthropic.claude-sonnet-4-5-20250929-v1:0, anthropic/claude-sonnet-4.5, apac.anthropic.claude-sonnet-4-5-20250929-v1:0 and 15 more",
    "claude-opus-4-7, claude-opus-4-7[1m]",
    null,
    "claude-opus-4-6-fast",
  ]);
});

test("each name of a model has its list price, and no other has one", async () => {
  const rows = await query(
    database(),
    `SELECT price_model, count(*) AS requests, min(list_cost_usd) AS least, max(list_cost_usd) AS most
     FROM list_costs GROUP BY price_model ORDER BY requests DESC, price_model`,
  );
  expect(rows).toEqual([
    { price_model: "claude-sonnet-4-5", requests: 18, least: 6, most: 6 },
    { price_model: "claude-opus-4-7", requests: 2, least: 5, most: 5 },
    { price_model: PROFILE, requests: 1, least: null, most: null },
    { price_model: "claude-opus-4-6", requests: 1, least: null, most: null },
    { price_model: "deepseek-chat", requests: 1, least: null, most: null },
    { price_model: "glm-4.6", requests: 1, least: null, most: null },
    { price_model: "sonnet", requests: 1, least: null, most: null },
  ]);
});

test.each([
  "claude-sonnet-4-5",
  "sonnet-4-5",
  "Claude-Sonnet-4.5",
  "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  "openrouter/anthropic/claude-sonnet-4.5",
])("--model %s is that model", async (name) => {
  const { stdout } = await run(["report", "models", "--model", name, "--json", "--db", database()]);
  expect(JSON.parse(stdout)).toMatchObject([{ model: "claude-sonnet-4-5", requests: 18 }]);
});

test.each([
  ["sonnet-4", "Did you mean claude-sonnet-4-5? The report models lists all."],
  [
    "gpt-5",
    `Known are ${PROFILE}, claude-opus-4-6, claude-opus-4-7, claude-sonnet-4-5, deepseek-chat.`,
  ],
])("--model %s is unknown, and others are named", async (name, hint) => {
  const { code, stderr } = await run(["report", "summary", "--model", name, "--db", database()]);
  expect(code).toBe(2);
  expect(stderr).toContain(`Nothing is known of a model ${name}.`);
  expect(stderr).toContain(hint);
});
