import { join } from "node:path";
import { expect, test } from "vitest";
import { query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

function input(name: string): string {
  return absolute(`fixtures/field/70-merge-databases/${name}.jsonl`);
}

test("the database of another machine is named, with how its telemetry gets here", async () => {
  const folder = await testFolder();
  const [a, b] = [join(folder, "a.duckdb"), join(folder, "b.duckdb")];
  await run(["import", input("a"), "--db", a]);
  await run(["import", input("b"), "--db", b]);
  const merged = await run(["import", b, "--db", a]);
  expect(merged).toMatchObject({ code: 1, stdout: "" });
  expect(merged.stderr).toContain(`"${b}" is a DuckDB database, which is not read.`);
  expect(merged.stderr).toContain("cctelemetry status --db b.duckdb lists them");
  const { stdout } = await run(["status", "--db", b]);
  expect(stdout).toContain("b.jsonl");
  await run(["import", input("b"), "--db", a]);
  const count = "SELECT count(*) AS n FROM api_requests";
  const [before] = await query(b, count);
  const [after] = await query(a, count);
  expect(Number(after?.["n"])).toBeGreaterThan(Number(before?.["n"]));
});

test("a Parquet file of our own is named", async () => {
  const folder = await testFolder();
  const db = join(folder, "b.duckdb");
  const parquet = join(folder, "b.parquet");
  await run(["import", input("b"), "--db", db]);
  await run(["query", "FROM log_records", "--output", parquet, "--db", db]);
  const outcome = await run(["import", parquet, "--db", db]);
  expect(outcome).toMatchObject({ code: 1, stdout: "" });
  expect(outcome.stderr).toContain("is a Parquet file, which is not read.");
  expect(outcome.stderr).toContain("Import the telemetry files it was made from");
});
