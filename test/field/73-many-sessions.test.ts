import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { imported, query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const input = absolute("fixtures/field/73-many-sessions/input.jsonl");

test("120 sessions: tables show 50 and say so, programs get all of them", async () => {
  const folder = await testFolder();
  const database = await imported(folder, [input]);
  const report = async (...args: readonly string[]) => {
    const { code, stdout } = await run(["report", ...args, "--db", database]);
    expect(code).toBe(0);
    return stdout;
  };
  const rows = (json: string) => (JSON.parse(json) as unknown[]).length;

  expect(await report("sessions")).toContain("the first 50 rows; --limit all shows all");
  expect(await report("sessions", "--format", "markdown")).toContain("the first 50 rows");
  expect(rows(await report("sessions", "--json"))).toBe(120);
  expect(rows(await report("sessions", "--json", "--limit", "7"))).toBe(7);
  expect((await report("sessions", "--format", "jsonl")).trimEnd().split("\n")).toHaveLength(120);
  expect((await report("sessions", "--format", "csv")).trimEnd().split("\n")).toHaveLength(121);
  const path = join(folder, "sessions.json");
  await report("sessions", "-o", path);
  expect(rows(await readFile(path, "utf8"))).toBe(120);
  const parquet = join(folder, "sessions.parquet");
  await report("sessions", "-o", parquet);
  expect((await readFile(parquet)).subarray(0, 4).toString()).toBe("PAR1");
  for (const name of ["requests", "tasks", "stages", "agents", "coverage", "activity"]) {
    const [{ n } = { n: 0 }] = await query(database, "SELECT count(*) AS n FROM api_requests");
    const json = await report(name, "--json");
    if (name === "requests") expect(rows(json)).toBe(n);
    expect(json).not.toBe("");
  }
});
