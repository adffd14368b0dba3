import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reports } from "../../src/reports/registry.ts";
import { runReport } from "../../src/reports/run.ts";
import { relations } from "../../src/semantics/schema.ts";
import { type Event, fileOf, type Point, request } from "../support/otlp.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

const MOST = 9223372036854775807n;
const LEAST = -9223372036854775808n;
const at = "2026-11-21T10:00:00.000Z";

/** Numbers, texts and tags that no honest program sends. */
const records: readonly (Event | Point)[] = [
  ...[MOST, LEAST, -1, 0].map((count) =>
    request(at, {
      input_tokens: count,
      output_tokens: count,
      cache_read_tokens: count,
      cache_creation_tokens: count,
      cache_creation_1h_tokens: count,
      cost_usd: typeof count === "bigint" ? 1e300 : count,
      cost_usd_micros: count,
      duration_ms: count,
      ttft_ms: count,
    }),
  ),
  request(at, { input_tokens: "many", cost_usd: "NaN", duration_ms: "-Infinity", model: "" }),
  request("2026-11-21T10:00:00.000Z", { "event.timestamp": "+275760-09-13T00:00:00.000Z" }),
  request("1970-01-01T00:00:00.000Z", { "event.timestamp": "yesterday" }),
  request("2554-07-21T00:00:00.000Z", { stage: "'; DROP TABLE prices; --", workflow_id: "\u0000" }),
  request(at, { stage: '{"a":', task_id: "[1,", agent: "__proto__" }, { stage: "{}", "a.b": "c" }),
  {
    at,
    name: "tool_result",
    attributes: {
      "session.id": "s1",
      tool_name: "Bash",
      tool_parameters: '{"bash_command":',
      success: "maybe",
    },
  },
  {
    at,
    name: "tool_result",
    attributes: { tool_parameters: "[]", duration_ms: MOST, success: false },
  },
  { at, name: "tool_result", attributes: { tool_result_size_bytes: MOST, duration_ms: MOST } },
  {
    at,
    name: "hook_execution_complete",
    attributes: { num_hooks: "all", total_duration_ms: "1e999" },
  },
  { at, name: "subagent_completed", attributes: { is_built_in: "perhaps", total_tokens: LEAST } },
  { at, name: "", attributes: {} },
  ...[1e308, -1e308, 1e308, "NaN", "-Infinity", 5e-324].map(
    (value, minute): Point => ({
      at: `2026-11-21T10:0${minute}:00.000Z`,
      metric: "token.usage",
      value,
      attributes: { "session.id": "s2", type: "input" },
    }),
  ),
  ...[1e308, 1e308].map(
    (value, minute): Point => ({
      at: `2026-11-21T10:0${minute}:00.000Z`,
      metric: "cost.usage",
      value,
      attributes: { "session.id": "s2" },
    }),
  ),
  ...[MOST, LEAST, MOST].map(
    (value, minute): Point => ({
      at: `2026-11-21T10:0${minute}:00.000Z`,
      from: at,
      metric: "token.usage",
      temporality: "cumulative",
      integer: true,
      value: String(value),
      attributes: { "session.id": "s3", type: "output" },
    }),
  ),
];

describe("numbers, texts and times that no honest program sends", () => {
  let db: TestStore;
  beforeAll(async () => {
    db = await storeOf(await fileOf(...records));
  });
  afterAll(() => db.remove());

  test.each(relations.map(({ schema, name }) => `${schema}.${name}`))(
    "can be read from %s",
    async (name) => {
      const table = await db.store.reading((session) => session.table(`FROM ${name}`));
      expect(table.columns.length).toBeGreaterThan(0);
    },
  );

  test.each(Object.values(reports))("leave the report $name whole", async (report) => {
    const given = report.required?.includes("session") === true ? { session: "s1" } : {};
    for (const tz of ["UTC", "Pacific/Apia"]) {
      const result = await db.store.reading((session) =>
        runReport(session, report, { ...given, tz }),
      );
      expect(result.footer.tz).toBe(tz);
    }
  });

  test("are all there", async () => {
    const [row] = await db.store.reading((session) =>
      session.rows(
        "SELECT (SELECT count(*) FROM log_records) + (SELECT count(*) FROM metric_points) AS n",
      ),
    );
    expect(row?.["n"]).toBe(BigInt(records.length));
  });
});
