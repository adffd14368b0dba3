import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { contentOf, imported, query, run, testFolder } from "./support/cli.ts";
import { fixture, layOutRotation, runNames } from "./support/fixtures.ts";

/** The parts of a truth file that the totals of a database are compared with. */
interface Truth {
  readonly counts: {
    readonly log_records: number;
    readonly data_points: number;
    readonly spans: number;
  };
  readonly logs: {
    readonly requests: number;
    readonly cost_usd: number;
    readonly api_errors: number;
    readonly tokens: Readonly<Record<"input" | "output" | "cacheRead" | "cacheCreation", number>>;
  };
}

async function truthOf(run: string): Promise<Truth> {
  return JSON.parse(await readFile(fixture(`${run}.truth.json`), "utf8")) as Truth;
}

const totals = `
  SELECT
    (SELECT count(*) FROM log_records) AS log_records,
    (SELECT count(*) FROM metric_points) AS data_points,
    (SELECT count(*) FROM spans) AS spans,
    (SELECT count(*) FROM api_errors) AS api_errors,
    (SELECT count(*) FROM rejected_lines) AS rejected,
    count(*) AS requests,
    sum(input_tokens)::BIGINT AS input,
    sum(output_tokens)::BIGINT AS output,
    sum(cache_read_tokens)::BIGINT AS "cacheRead",
    sum(cache_creation_tokens)::BIGINT AS "cacheCreation",
    sum(cost_usd)::DOUBLE AS cost_usd
  FROM api_requests`;

const runs = await runNames();

describe("an import of a run equals what the API served and the Collector wrote:", () => {
  test.each(runs)("%s", async (name) => {
    const { counts, logs } = await truthOf(name);
    const database = await imported(await testFolder(), [fixture(`${name}.jsonl`)]);
    const [found] = await query(database, totals);
    // Exact copies in a file count once.
    expect(found).toMatchObject({
      spans: counts.spans,
      rejected: 0,
      requests: logs.requests,
      api_errors: logs.api_errors,
      ...logs.tokens,
    });
    expect(found?.["log_records"]).toBe(counts.log_records);
    expect(found?.["data_points"]).toBe(counts.data_points);
    expect(found?.["cost_usd"]).toBeCloseTo(logs.cost_usd, 8);
  });
});

const plain = (...names: readonly string[]): readonly string[] =>
  names.map((name) => fixture(`${name}.jsonl`));
const severalRuns = plain("L-workflow", "O-workflow", "M-workflow-mixed", "L-json-tools");
const protoRuns = ["L-json-tools", "L-json-traces", "L-workflow", "M-workflow-mixed", "O-workflow"];

/** The signals a run was recorded with, one protobuf file each. */
async function protoFiles(name: string): Promise<readonly string[]> {
  const files = await readdir(fixture("modes/proto"));
  return files
    .filter((file) => file.startsWith(`${name}.`))
    .map((file) => fixture(`modes/proto/${file}`));
}

const sameContent: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ...protoRuns.map(
    (name) => [`zstd ${name}`, [fixture(`modes/zstd/${name}.jsonl.zst`)], plain(name)] as const,
  ),
  ["zstd stream", [fixture("modes/zstd-stream/L-workflow.jsonl.zst")], plain("L-workflow")],
  ...(await Promise.all(
    protoRuns.map(
      async (name) => [`protobuf ${name}`, await protoFiles(name), plain(name)] as const,
    ),
  )),
  ...["L-workflow", "L-json-tools"].flatMap((name) => [
    [`batch ${name}`, [fixture(`modes/batch/${name}.jsonl`)], plain(name)] as const,
    [`small batches ${name}`, [fixture(`modes/batch/${name}.small.jsonl`)], plain(name)] as const,
    [`group by stage ${name}`, [fixture(`modes/group-by-stage/${name}`)], plain(name)] as const,
  ]),
  ["several runs in one stream", [fixture("modes/batch/several-runs.jsonl")], severalRuns],
  ["several runs by stage", [fixture("modes/group-by-stage/appended")], severalRuns],
];

const contents = new Map<string, Promise<unknown>>();

/** What a database of plain files holds; the same files are imported once. */
function contentOfPlain(paths: readonly string[]): Promise<unknown> {
  const key = paths.join("\n");
  const known = contents.get(key);
  if (known !== undefined) return known;
  const content = testFolder().then(async (folder) => contentOf(await imported(folder, paths)));
  contents.set(key, content);
  return content;
}

describe("every way to write the rows gives the same records:", () => {
  test.each(sameContent)("%s", async (_name, paths, plainPaths) => {
    const written = await imported(await testFolder(), paths);
    expect(await contentOf(written)).toEqual(await contentOfPlain(plainPaths));
  });

  test.each(["lumberjack", "timberjack"] as const)("rotated by %s", async (style) => {
    const folder = await testFolder();
    const current = await layOutRotation(join(folder, "otel"), style);
    const written = await imported(folder, [current]);
    expect(await contentOf(written)).toEqual(await contentOfPlain(plain(...runs)));
  });

  test("all of them together, and twice: nothing is added", async () => {
    const folder = await testFolder();
    const database = await imported(folder, plain(...runs));
    const before = await contentOf(database);
    await imported(folder, [fixture("modes"), ...plain(...runs)]);
    await imported(folder, [fixture("modes")]);
    expect(await contentOf(database)).toEqual(before);
  });
});

describe("a source may be", () => {
  const name = "L-json-tools";

  test("standard input", async () => {
    const database = join(await testFolder(), "t.duckdb");
    const stdin = await readFile(fixture(`${name}.jsonl`));
    const { code, stderr } = await run(["import", "-", "--db", database], { stdin });
    expect(code, stderr).toBe(0);
    expect(await contentOf(database)).toEqual(await contentOfPlain(plain(name)));
  });

  test("a pattern and a folder, found from where the user stands", async () => {
    const database = join(await testFolder(), "t.duckdb");
    const cwd = fixture("modes");
    const command = [
      "import",
      "group-by-stage/L-workflow/*.jsonl",
      "zstd-stream",
      "--db",
      database,
    ];
    const { code, stderr } = await run(command, { cwd });
    expect(code, stderr).toBe(0);
    expect(await contentOf(database)).toEqual(await contentOfPlain(plain("L-workflow")));
  });
});
