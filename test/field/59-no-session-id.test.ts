import { expect, test } from "vitest";
import { imported } from "../support/asking.ts";

const totals = `SELECT count(requests)::INT AS requests, count(*)::INT AS entries,
  sum(total_tokens)::INT AS tokens, sum(cost_usd)::DOUBLE AS cost FROM usage`;

test.each([
  ["input.jsonl", { requests: 4, entries: 4, tokens: 5240, cost: 0.0492 }],
  ["cost-metric-only.jsonl", { requests: 2, entries: 2, tokens: 2620, cost: 0.0246 }],
  ["no-ids-at-all.jsonl", { requests: 1, entries: 1, tokens: 1310, cost: 0.0123 }],
  ["events-with-metrics-without.jsonl", { requests: 1, entries: 1, tokens: 1310, cost: 0.0123 }],
])("%s counts once", async (file, expected) => {
  const ask = await imported("59-no-session-id", file);
  expect(await ask(totals)).toEqual([expected]);
});

test("coverage says what is left out, and how much", async () => {
  const ask = await imported("59-no-session-id", "events-with-metrics-without.jsonl");
  const rows = await ask(
    `SELECT session_id IS NULL AS nameless, left_out_tokens, left_out_cost_usd::DOUBLE AS cost,
       likely_cause FROM coverage ORDER BY nameless`,
  );
  expect(rows).toEqual([
    { nameless: false, left_out_tokens: 0n, cost: 0, likely_cause: "no metrics" },
    { nameless: true, left_out_tokens: 1310n, cost: 0.0123, likely_cause: "other events count" },
  ]);
});
