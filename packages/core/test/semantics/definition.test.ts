import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordTables } from "../../src/model/columns.ts";
import { storeDefinition } from "../../src/semantics/definition.ts";
import { relations } from "../../src/semantics/schema.ts";
import { views } from "../../src/semantics/views/list.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

let db: TestStore;

beforeAll(async () => {
  db = await storeOf();
});

afterAll(() => db.remove());

/** Columns and types of a relation, in order. */
async function described(relation: string): Promise<(readonly [unknown, unknown])[]> {
  const rows = await db.store.reading((session) => session.rows(`DESCRIBE ${relation}`));
  return rows.map((row) => [row["column_name"], row["column_type"]] as const);
}

describe("the registry", () => {
  test("holds every file of the folder, and no other", async () => {
    const folder = fileURLToPath(new URL("../../src/semantics/views/", import.meta.url));
    const files = (await readdir(folder, { recursive: true }))
      .filter((name) => name.endsWith(".sql"))
      .map((name) => name.replaceAll("\\", "/").replace(/\.sql$/, ""));
    expect(views.map(({ path }) => path).sort()).toEqual(files.sort());
  });

  test("names each file after what it makes, and begins it with what a row means", () => {
    for (const { path, sql } of views) {
      expect(sql, path).toMatch(/^-- \S/);
      const name = path.replace(/^base\/[a-z]+\//, "base/").replace("/", ".");
      const made = /CREATE OR REPLACE (?:VIEW|MACRO|TABLE) ([a-z_.]+)/.exec(sql)?.[1];
      expect(made).toBe(name);
    }
  });

  test("describes every public view", () => {
    const publicViews = relations.filter(({ kind }) => kind === "view");
    const names = publicViews.map(({ schema, name }) =>
      schema === "main" ? name : `${schema}/${name}`,
    );
    const made = views.map(({ path }) => path).filter((path) => !path.startsWith("base/"));
    expect(names.sort()).toEqual(made.sort());
  });
});

describe("every relation", () => {
  test.each(
    relations.map((relation) => [`${relation.schema}.${relation.name}`, relation] as const),
  )("%s has the columns that are described, in their order", async (name, relation) => {
    const { columns } = await db.store.reading((session) => session.table(`FROM ${name}`));
    expect(columns.map((column) => column.name)).toEqual(relation.columns.map((each) => each.name));
    for (const { name: column, text } of relation.columns) expect(text, column).toMatch(/[.…]$/);
  });

  test("carries its comments in the database", async () => {
    const rows = await db.store.reading((session) =>
      session.rows(
        `SELECT comment FROM duckdb_columns()
         WHERE schema_name = 'main' AND table_name = 'source_files' AND column_name = 'cursor_offset'
         UNION ALL
         SELECT comment FROM duckdb_views() WHERE view_name = 'api_requests'
         UNION ALL
         SELECT comment FROM duckdb_tables() WHERE table_name = 'prices'`,
      ),
    );
    expect(rows.map((row) => row["comment"])).toEqual([
      "Bytes that were read; of a compressed file, of its content.",
      "One api_request event: a request that the API answered.",
      "One model, speed, span of time and length of prompt: its list price.",
    ]);
  });
});

/** The names that queries may rely on: version 1 of the SQL contract. */
const contract: Readonly<Record<string, string>> = {
  api_requests: `time session_id prompt_id request_id model canonical_model input_tokens output_tokens
    cache_read_tokens cache_creation_tokens cache_creation_5m_tokens cache_creation_1h_tokens
    total_tokens cost_usd duration_ms ttft_ms speed effort query_source source_kind agent_name
    agent_id skill_name mcp_server_name mcp_tool_name workflow_id workflow_path complexity stage
    task_id agent model_expected attribution user_id user_email organization_id terminal_type
    app_entrypoint service_name service_version tags attributes`,
  token_usage: "start_time time session_id model type tokens query_source stage agent tags",
  cost_usage: "start_time time session_id model cost_usd query_source stage",
  sessions: `session_id first_time last_time wall_seconds requests input_tokens output_tokens
    cache_read_tokens cache_creation_tokens cost_usd unpriced_requests cache_hit_rate errors
    tool_calls tool_failures models unattributed_share`,
  workflows: "workflow_id first_time last_time wall_seconds requests cost_usd unattributed_share",
  stages: "workflow_id stage requests cost_usd",
  tasks: "workflow_id stage task_id agent requests cost_usd",
  prompts: "session_id prompt_id requests cost_usd",
  workflow_summary: `workflow_id started_at completed_at duration_seconds total_input_tokens
    total_output_tokens total_cache_read_tokens total_cost_usd api_requests`,
  stage_performance:
    "stage agent workflow_count avg_cost avg_duration_ms avg_tokens cache_hit_rate",
  model_cost_comparison: `model stage request_count total_cost avg_cost_per_request
    total_input_tokens total_output_tokens`,
  otel_metrics: "id received_at metric_name value unit attributes session_id",
  otel_events: "id received_at event_name attributes session_id prompt_id",
  otel_api_request_events: "timestamp event_name workflow_id stage task_id input_tokens cost_usd",
  "otel.logs": "Timestamp TraceId SpanId ServiceName Body ResourceAttributes LogAttributes",
  "otel.metrics": "MetricName Attributes StartTimeUnix TimeUnix Value AggregationTemporality",
  "otel.traces":
    "Timestamp TraceId SpanId ParentSpanId SpanName SpanAttributes Duration StatusCode",
};

describe("the contract", () => {
  test.each(Object.entries(contract))("%s", async (name, names) => {
    const found = (await described(name)).map(([column]) => column);
    expect(found).toEqual(expect.arrayContaining(names.split(/\s+/)));
  });

  test("api_requests has these columns and no others", async () => {
    const found = (await described("api_requests")).map(([column]) => column);
    expect(found).toEqual((contract["api_requests"] ?? "").split(/\s+/));
  });

  test("times, tokens and money have their types everywhere", async () => {
    for (const { schema, name } of relations) {
      for (const [column, type] of await described(`${schema}.${name}`)) {
        const qualified = `${name}.${column}`;
        if (String(column).endsWith("_time") || column === "time") {
          expect(type, qualified).toBe("TIMESTAMP WITH TIME ZONE");
        }
        if (String(column).endsWith("_tokens"))
          expect(type, qualified).toMatch(/^(BIGINT|HUGEINT|DOUBLE)$/);
        if (String(column).endsWith("cost_usd"))
          expect(type, qualified).toMatch(/^DECIMAL\(\d\d,9\)$/);
        if (column === "tags" || column === "attributes") expect(type, qualified).toBe("JSON");
      }
    }
  });
});

describe("the names of attributes", () => {
  const texts = new Map(views.map(({ path, sql }) => [path, sql]));
  test.each([
    ["base/records/logs", "api_request_logs"],
    ["base/records/logs", "other_logs"],
    ["base/records/points", "metric_points"],
    ["base/records/traces", "spans"],
  ] as const)("%s gives every attribute of %s its name back", (path, table) => {
    const sql = texts
      .get(path)
      ?.split("UNION ALL BY NAME")
      .find((part) => part.includes(`base.${table}`));
    const attributes = recordTables[table].columns.flatMap(({ attribute }) => attribute ?? []);
    expect(attributes.filter((name) => sql?.includes(`'${name}',`) !== true)).toEqual([]);
  });
});

test("the definition can be made again over itself", async () => {
  await db.store.writing(async (session) => {
    for (const statement of storeDefinition.statements) await session.run(statement);
  });
  const [row] = await db.store.reading((session) =>
    session.rows(
      "SELECT count(*) AS prices, count(DISTINCT (model, speed, valid_from, prompt_tokens_from)) AS keys FROM prices",
    ),
  );
  expect(row?.["prices"]).toBe(row?.["keys"]);
});

test("every view answers under whatever name the database is attached", async () => {
  const { connection } = db.store.staging;
  await connection.run(`ATTACH '${db.store.path}' AS other (READ_ONLY)`);
  for (const { schema, name } of relations) await connection.run(`FROM other.${schema}.${name}`);
  await connection.run("DETACH other");
});
