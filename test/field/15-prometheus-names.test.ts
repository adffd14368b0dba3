import { expect, test } from "vitest";
import { imported } from "../support/asking.ts";

test("names and labels that passed through Prometheus count", async () => {
  const ask = await imported("15-prometheus-names", "input.jsonl");
  const rows = await ask(
    `SELECT session_id, sum(total_tokens)::INT AS tokens, round(sum(cost_usd), 6)::DOUBLE AS cost
     FROM usage GROUP BY session_id`,
  );
  expect(rows).toEqual([
    { session_id: "11111111-aaaa-4bbb-8ccc-000000000015", tokens: 300, cost: 0.3 },
  ]);
  expect(await ask("SELECT DISTINCT metric_name FROM metric_points ORDER BY ALL")).toEqual([
    { metric_name: "claude_code_cost_usage_USD_total" },
    { metric_name: "claude_code_token_usage_tokens_total" },
  ]);
});
