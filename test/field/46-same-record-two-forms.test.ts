import { expect, test } from "vitest";
import { imported } from "../support/asking.ts";

const totals = `SELECT count(*)::INT AS requests, sum(cost_usd)::DOUBLE AS cost FROM api_requests`;
const orders = [
  ["a.jsonl", "b.jsonl", "c.jsonl"],
  ["c.jsonl", "b.jsonl", "a.jsonl"],
  ["b.jsonl", "c.jsonl"],
];

test.each(orders)("two requests by several routes count once: %s, %s, %s", async (...files) => {
  const ask = await imported("46-same-record-two-forms", ...files.filter(Boolean));
  expect(await ask(totals)).toEqual([{ requests: 2, cost: 0.0246 }]);
  const [all] = await ask("SELECT count(*)::INT AS n FROM log_records");
  expect(all).toEqual({ n: 4 });
});

test("the same records count whatever the order, and coverage says how many do not", async () => {
  const counted = async (files: readonly string[]): Promise<unknown> => {
    const ask = await imported("46-same-record-two-forms", ...files);
    return ask(
      "SELECT record_id, counted_record_id, differs_in FROM repeated_requests ORDER BY ALL",
    );
  };
  const [first, second] = orders;
  const rows = await counted(first ?? []);
  expect(await counted(second ?? [])).toEqual(rows);
  expect(rows).toEqual([
    expect.objectContaining({
      differs_in: [
        "observedTimeUnixNano",
        "deployment.environment",
        "resource deployment.environment",
      ],
    }),
    expect.anything(),
  ]);
  const ask = await imported("46-same-record-two-forms", "a.jsonl", "c.jsonl");
  expect(await ask("SELECT requests, repeated_requests, suspected_repeats FROM coverage")).toEqual([
    { requests: 2n, repeated_requests: 2n, suspected_repeats: 0n },
  ]);
});

test("what stands for a missing id is no id: requests with it count each by itself", async () => {
  const ask = await imported("46-same-record-two-forms", "placeholders.jsonl");
  expect(await ask(totals)).toEqual([{ requests: 4, cost: 0.0492 }]);
  expect(await ask("SELECT count(*)::INT AS n FROM repeated_requests")).toEqual([{ n: 0 }]);
});
