import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { run, testFolder } from "../support/cli.ts";
import { absolute } from "../support/source-tree.ts";

const input = absolute("fixtures/field/51-own-tag-names/input.jsonl");
const byStage = `SELECT stage, sum(cost_usd)::DOUBLE AS usd FROM api_requests GROUP BY 1 ORDER BY 1`;
const byTag = `SELECT tags->>'$."task.type"' AS stage, sum(cost_usd)::DOUBLE AS usd
  FROM api_requests GROUP BY 1 ORDER BY 1`;

let folder = "";
let db = "";
let env: Readonly<Record<string, string>> = {};

beforeEach(async () => {
  folder = await testFolder();
  db = join(folder, "t.duckdb");
  env = { CCTELEMETRY_HOME: folder };
  mkdirSync(folder, { recursive: true });
});

function settings(value: unknown): void {
  writeFileSync(join(folder, "settings.json"), JSON.stringify(value));
}

async function cli(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run([...args, "--db", db], { env });
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

async function sql(statement: string): Promise<unknown> {
  return JSON.parse(await cli("query", statement, "--json"));
}

async function report(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse(await cli("report", ...args, "--json")) as Record<string, unknown>[];
}

test("without settings the reports say which tags there are", async () => {
  await cli("import", input);
  const stages = await cli("report", "stages");
  expect(stages).toMatch(/tags there are: .*linear_key/);
  expect(stages).toContain("task.type");
  expect(await cli("report", "summary")).not.toContain("tags there are");
  expect(await cli("report", "summary", "--by", "model")).not.toContain("tags there are");
});

describe("tags that stand for stage and task", () => {
  const own = { tags: { stage: "task.type", task: ["nothing", "linear_key"] } };

  test("hold for what is imported after", async () => {
    settings(own);
    await cli("import", input);
    expect(await sql(byStage)).toEqual(await sql(byTag));
  });

  test("hold for what was imported before, in reports, SQL and watch alike", async () => {
    await cli("import", input);
    const sent = await sql(byTag);
    settings(own);
    expect(await sql(byStage)).toEqual(sent);
    const stages = await report("stages");
    expect(stages.map(({ stage }) => stage)).not.toContain("(none)");
    expect((await report("tasks")).map(({ task_id: task }) => task)).not.toContain("(none)");
    const summary = await report("summary", "--by", "stage");
    const names = summary.map(({ part }) => part).toSorted();
    expect(names).toEqual((sent as { stage: string }[]).map(({ stage }) => stage).toSorted());
  });

  test("are the same before and after, record by record", async () => {
    settings(own);
    await cli("import", input);
    const rows = "SELECT record_id, workflow_id, stage, task_id, agent FROM log_records ORDER BY 1";
    const decoded = await sql(rows);
    const other = join(folder, "other.duckdb");
    await run(["import", input, "--db", other], { env: { CCTELEMETRY_HOME: join(folder, "x") } });
    await run(["report", "stages", "--db", other], { env });
    const updated = JSON.parse(
      (await run(["query", rows, "--json", "--db", other], { env })).stdout,
    );
    expect(updated).toEqual(decoded);
  });

  test("end when they are taken out of the settings", async () => {
    settings(own);
    await cli("import", input);
    settings({});
    expect((await report("stages")).map(({ stage }) => stage)).toEqual(["(none)"]);
  });
});

test.each([
  ["not JSON", "{", "they are not JSON"],
  ["a wrong meaning", '{"tags":{"phase":"x"}}', "tags.phase"],
  ["a wrong type", '{"tags":{"stage":7}}', "tags.stage: expected the name of a tag"],
  ["an empty name", '{"tags":{"stage":""}}', "tags.stage"],
])("settings that are %s are refused with the setting named", async (_name, text, said) => {
  writeFileSync(join(folder, "settings.json"), text);
  const outcome = await run(["import", input, "--db", db], { env });
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain(join(folder, "settings.json"));
  expect(outcome.stderr).toContain(said);
  expect(outcome.stderr).toContain("Expected for example:");
});

test("settings of another program in the same folder do no harm", async () => {
  settings({ env: { X: "1" }, permissions: {} });
  await cli("import", input);
});
