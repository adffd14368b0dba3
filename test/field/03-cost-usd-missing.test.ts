import { expect, test } from "vitest";
import { imported, query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const input = absolute("fixtures/field/03-cost-usd-missing/input.jsonl");

test("requests without cost_usd: the cost is unknown, not nothing, and what it may be is said", async () => {
  const database = await imported(await testFolder(), [input]);
  const report = async (name: string, ...more: readonly string[]) =>
    run(["report", name, "--db", database, "--tz", "UTC", ...more]);

  const json = await report("summary", "--json");
  expect(JSON.parse(json.stdout)).toMatchObject([
    { requests: 3, total_tokens: 3930, cost_usd: null, unpriced_requests: 3 },
  ]);
  const worth = "3 requests without a price: $0.0077 at list price, $0.50 by metrics";
  expect(json.stderr).toBe(`note: ${worth}\n`);
  for (const name of ["summary", "models", "daily", "sessions", "coverage"]) {
    const { stdout } = await report(name);
    expect(stdout, name).toContain(worth);
    expect(stdout, name).toContain("agree in 0 of 1 session");
    if (name !== "coverage") expect(stdout, name).not.toContain("$0.00 ");
  }
  expect((await report("tools")).stdout).not.toContain("without a price");

  expect(await query(database, "SELECT sum(cost_usd) AS cost FROM usage")).toEqual([
    { cost: null },
  ]);
  expect(
    await query(database, "SELECT count(*) AS n, sum(list_cost_usd) AS list FROM list_costs"),
  ).toEqual([{ n: 3, list: 0.00774 }]);
  const coverage = "SELECT agrees, likely_cause, event_cost_usd, metric_cost_usd FROM coverage";
  expect(await query(database, coverage)).toEqual([
    {
      agrees: false,
      likely_cause: "requests without a price",
      event_cost_usd: null,
      metric_cost_usd: 0.5,
    },
  ]);
});
