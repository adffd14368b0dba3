import { expect, test } from "vitest";
import { imported } from "../support/asking.ts";

test("a gauge, a sum without temporality, and temporalities by name count", async () => {
  const ask = await imported("10-metric-kinds", "input.jsonl");
  const rows = await ask(
    `SELECT session_id, sum(total_tokens)::INT AS tokens, round(sum(cost_usd), 6)::DOUBLE AS cost
     FROM usage GROUP BY session_id ORDER BY session_id`,
  );
  expect(rows).toEqual(
    ["a", "b", "c", "d"].map((name) => ({ session_id: `sess-${name}`, tokens: 300, cost: 0.3 })),
  );
  expect(await ask("FROM uncounted_metrics")).toEqual([]);
});

test("metrics behind a namespace do not count, and are named with what they come to", async () => {
  const ask = await imported("10-metric-kinds", "namespace.jsonl");
  expect(await ask("FROM usage")).toEqual([]);
  const rows = await ask(
    `SELECT metric_name, reason, points::INT AS points, value_sum, counted_sum
     FROM uncounted_metrics ORDER BY metric_name`,
  );
  const named = { reason: "name not of Claude Code", points: 3, counted_sum: 0 };
  expect(rows).toEqual([
    {
      metric_name: "otel_claude_code_cost_usage_USD_total",
      ...named,
      value_sum: expect.closeTo(0.6),
    },
    { metric_name: "otel_claude_code_token_usage_tokens_total", ...named, value_sum: 600 },
  ]);
  const found = await ask("SELECT likely_cause, unclear_points::INT AS points FROM coverage");
  expect(found).toEqual([{ likely_cause: "metrics of unclear kind", points: 6 }]);
});
