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
