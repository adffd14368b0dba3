import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { query, run, testFolder } from "../support/cli.ts";

const input = fileURLToPath(
  new URL("../../fixtures/field/57-hour-cache-defect-claim/input.jsonl", import.meta.url),
);

const prices = `
  SELECT service_version, a.cost_usd = round((a.input_tokens * p.input_usd_per_mtok
    + a.output_tokens * p.output_usd_per_mtok + a.cache_read_tokens * p.cache_read_usd_per_mtok
    + a.cache_creation_tokens * p.cache_write_1h_usd_per_mtok) / 1000000, 9) AS priced_for_an_hour
  FROM api_requests AS a
  JOIN prices AS p ON p.model = a.canonical_model AND p.speed = 'normal'
    AND p.prompt_tokens_from = 0 AND a.time >= p.valid_from
    AND (p.valid_to IS NULL OR a.time < p.valid_to)
  ORDER BY ALL`;

test("2.1.175 and 2.1.294 price hour-long writes right, and nothing says otherwise", async () => {
  const folder = await testFolder();
  const database = join(folder, "t.duckdb");
  expect((await run(["import", input, "--db", database])).code).toBe(0);
  expect(await query(database, prices)).toEqual([
    { service_version: "2.1.175", priced_for_an_hour: true },
    { service_version: "2.1.294", priced_for_an_hour: true },
  ]);
  const named = await query(
    database,
    "SELECT count(*) AS n FROM coverage WHERE list_contains(known_defects, 'hour-long cache writes priced too low')",
  );
  expect(named).toEqual([{ n: 0 }]);
  const claims = await query(
    database,
    "SELECT fixed_in_version FROM known_defects WHERE name LIKE 'hour-long%'",
  );
  expect(claims).toEqual([{ fixed_in_version: "2.1.172" }]);
  const { stdout } = await run(["doctor", "--db", database], {
    env: { CLAUDE_CONFIG_DIR: join(folder, "none"), CCTELEMETRY_HOME: folder },
  });
  expect(stdout).not.toContain("for an hour");
});
