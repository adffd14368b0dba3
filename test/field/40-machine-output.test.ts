import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderForFile, imported, query, run } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const input = absolute("fixtures/field/40-machine-output/input.jsonl");
const folder = folderForFile(beforeAll, afterAll);
let database = "";
beforeAll(async () => {
  database = await imported(folder(), [input]);
});

const models = (...args: readonly string[]) => run(["report", "models", "--db", database, ...args]);

test("amounts are numbers of JSON that add up", async () => {
  const rows = JSON.parse((await models("--json")).stdout) as readonly Record<string, unknown>[];
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(typeof row["total_tokens"]).toBe("number");
    expect(["number", "object"]).toContain(typeof row["cost_usd"]);
  }
  const [total] = await query(database, "SELECT sum(total_tokens) AS t FROM api_requests");
  expect(rows.reduce((sum, row) => sum + Number(row["total_tokens"]), 0)).toBe(
    Number(total?.["t"]),
  );
});

test("a number beyond all doubles is no bug, and exact ones stay exact", async () => {
  const sql =
    "SELECT 9007199254740993::BIGINT AS big, 0.1::DECIMAL(18,9) AS d, 1e400::DOUBLE AS inf";
  const { code, stdout } = await run(["query", sql, "--json", "--db", database]);
  expect(code).toBe(0);
  expect(stdout).toContain('"big":"9007199254740993"');
  expect(() => JSON.parse(stdout)).not.toThrow();
});

test("an empty range is a row of zeros or none, no error", async () => {
  const { code, stdout } = await run([
    ...["report", "summary", "--json", "--db", database],
    ...["--since", "2001-01-01", "--until", "2001-01-02"],
  ]);
  expect(code).toBe(0);
  expect(Array.isArray(JSON.parse(stdout))).toBe(true);
});

test.each(["xlsx", "tsv"])(
  "--output o.%s names the formats there are and writes nothing",
  async (kind) => {
    const path = join(folder(), `o.${kind}`);
    const { code, stdout, stderr } = await models("--output", path);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /The extension \.\w+ names no format\.\nhint: Use \.csv, \.json, .*--format/,
    );
    expect(existsSync(path)).toBe(false);
    expect((await models("--output", path, "--format", "csv")).code).toBe(0);
    expect((await readFile(path, "utf8")).split("\r\n").length).toBeGreaterThan(1);
  },
);

test.each(["tsv", "yaml"])("--format %s is refused with the list", async (format) => {
  const { code, stderr } = await models("--format", format);
  expect([code, stderr]).toEqual([2, expect.stringContaining("Allowed choices are table, json")]);
});

test("a spreadsheet runs nothing of the CSV, and a pipe that closes is quiet", async () => {
  const { stdout } = await models("--format", "csv");
  expect(stdout).not.toMatch(/(^|[,\n]"?)[=+@]/m);
  const closed = await run(["report", "models", "--json", "--db", database], {
    launcher: ["bash", "-c", 'set -o pipefail; "$@" | head -c 20 > /dev/null', "bash"],
  });
  expect([closed.code, closed.stderr]).toEqual([0, ""]);
});
