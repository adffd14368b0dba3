import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCollect } from "../receiver/support/collect-process.ts";
import { send } from "../receiver/support/http-client.ts";
import { query, run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const inputs = absolute("fixtures/field/76-per-signal-wrong-path");

test("a body that came to the other signal's path is kept as what it is", async () => {
  const folder = await testFolder();
  const output = join(folder, "o.jsonl");
  const collect = await startCollect({ output, env: { CCTELEMETRY_HOME: folder } });
  for (const [name, path] of [
    ["logs.json", "/v1/metrics"],
    ["metrics.json", "/v1/logs"],
  ] as const) {
    const body = await readFile(join(inputs, name));
    const headers = { "content-type": "application/json" };
    expect((await send(collect.http, { path, headers, body })).status).toBe(200);
  }
  const lines = (await readFile(output, "utf8")).split("\n");
  expect(lines.map((line) => line.slice(0, 17))).toEqual([
    '{"resourceLogs":[',
    '{"resourceMetrics',
    "",
  ]);
  const db = join(folder, "t.duckdb");
  expect((await run(["import", output, "--db", db])).code).toBe(0);
  const [requests] = await query(db, "SELECT count(*) AS n FROM api_requests");
  const [points] = await query(db, "SELECT count(*) AS n FROM metric_points");
  expect(requests?.["n"]).toBeGreaterThan(0);
  expect(points?.["n"]).toBeGreaterThan(0);
});
