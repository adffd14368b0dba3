import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderForFile, query, run } from "../support/cli.ts";
import { fixture } from "../support/fixtures.ts";

const input = fileURLToPath(
  new URL("../../fixtures/field/49-subagents/input.jsonl", import.meta.url),
);
const SESSION = "11111111-aaaa-4bbb-8ccc-000000000049";

const folder = folderForFile(beforeAll, afterAll);
const database = (): string => join(folder(), "t.duckdb");
beforeAll(async () => {
  const { code, stderr } = await run(["import", input, "--db", database()]);
  expect(code, stderr).toBe(0);
});

type Row = Readonly<Record<string, unknown>>;

async function rows(db: string, ...report: readonly string[]): Promise<readonly Row[]> {
  const { stdout } = await run(["report", ...report, "--json", "--db", db]);
  return JSON.parse(stdout);
}

describe("main, two subagents, a compaction, and a request that does not say who asked:", () => {
  test("agents have a row each, and the last is unknown", async () => {
    const found = await rows(database(), "agents");
    expect(
      found.map(({ source_kind, agent_name, cost_usd }) => [source_kind, agent_name, cost_usd]),
    ).toEqual([
      ["main", null, 1],
      ["subagent", "Explore", 2],
      ["subagent", "custom", 3],
      ["auxiliary", null, 0.5],
      ["unknown", null, 0.25],
    ]);
  });

  test("the split by source has it, and the total is $6.75", async () => {
    const found = await rows(database(), "summary", "--by", "source");
    expect(found.map(({ part, cost_usd }) => [part, cost_usd])).toEqual([
      ["subagent", 5],
      ["main", 1],
      ["auxiliary", 0.5],
      ["unknown", 0.25],
    ]);
    expect(await rows(database(), "sessions")).toMatchObject([{ requests: 5, cost_usd: 6.75 }]);
    const views = await query(
      database(),
      "SELECT source_kind FROM api_requests WHERE source_kind NOT IN (SELECT 'main') ORDER BY time",
    );
    expect(views.map((row) => row["source_kind"])).toEqual([
      "subagent",
      "subagent",
      "auxiliary",
      "unknown",
    ]);
  });

  test("the status line has the context of the last that may be the main thread", async () => {
    const { stdout } = await run(["statusline", "--fresh", "--json", "--db", database()], {
      stdin: JSON.stringify({ session_id: SESSION }),
      env: { CCTELEMETRY_HOME: folder() },
    });
    expect(JSON.parse(stdout)).toMatchObject({ session: { requests: 5, cost_usd: 6.75 } });
  });
});

test("a release that never says who asked has no row of main", async () => {
  const db = join(folder(), "old.duckdb");
  expect((await run(["import", fixture("V-2.1.20.jsonl"), "--db", db])).code).toBe(0);
  const found = await rows(db, "agents");
  expect(new Set(found.map(({ source_kind }) => source_kind))).toEqual(new Set(["unknown"]));
  expect(found.reduce((sum, { tool_calls }) => sum + Number(tool_calls), 0)).toBe(11);
});
