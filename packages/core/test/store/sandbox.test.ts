import { renameSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { Database } from "../../src/store/database.ts";
import { startQueryChild } from "../../src/store/sandbox-process.ts";
import { allowedTableFunctions, refusedFunctions } from "../../src/store/sandbox-rules.ts";
import type { StoreDefinition } from "../../src/store/schema.ts";
import { openStoreWith } from "../../src/store/store.ts";
import { definition } from "./sandbox-definition.ts";
import { ask, askHere, buildChild, makeStore, refusal, refusalHere } from "./sandbox-helpers.ts";

let script = "";
let path = "";

beforeAll(async () => {
  script = await buildChild();
  ({ path } = await makeStore());
});

describe("answers", () => {
  test.each([
    "SELECT 1 AS one",
    "  -- a comment\n/* and another */ select 1 as one;",
    "WITH a AS (SELECT 1 AS one) FROM a",
    "VALUES (1)",
    "FROM api_requests LIMIT 1",
    "TABLE api_requests LIMIT 1",
    "(SELECT 1) UNION ALL (SELECT 1) LIMIT 1",
    "SELECT count(*) FROM otel.logs",
    "SELECT * FROM range(3) LIMIT 1",
    "SELECT unnest([1])",
    "SELECT * FROM unnest([1])",
    "SELECT value FROM json_each('[1]')",
    "SELECT list_transform([1], lambda x: x + 1)",
    "DESCRIBE SELECT 1 AS one",
    "PIVOT (SELECT 1 AS a, 2 AS b) ON a IN (1) USING sum(b)",
    "SELECT getvariable('nothing')",
    "SELECT ';' AS text",
    "SELECT column_name FROM information_schema.columns WHERE table_name = 'api_requests' LIMIT 1",
  ])("%s", async (sql) => expect((await askHere(path, sql)).rows).toHaveLength(1));

  test.each([
    "DESCRIBE api_requests",
    "SHOW TABLES",
    "SHOW ALL TABLES",
    "SUMMARIZE api_requests",
    "EXPLAIN SELECT 1",
    "explain analyze select 1",
    "EXPLAIN (FORMAT json) SELECT 1",
    "/* why */ EXPLAIN\nSELECT 1",
  ])("%s", async (sql) => expect((await askHere(path, sql)).rows.length).toBeGreaterThan(1));

  test("a plan has one line a row", async () => {
    const { columns, rows } = await ask(script, path, "EXPLAIN SELECT 1");
    expect(columns).toEqual([{ name: "plan", type: "VARCHAR" }]);
    expect(rows.flat().join("\n")).toContain("DUMMY_SCAN");
    for (const [line] of rows) expect(line).not.toContain("\n");
  });

  test("every type exactly", async () => {
    const sql = `SELECT 9007199254740993 AS big, 170141183460469231731687303715884105727 AS huge,
      0.139::DECIMAL(18,9) AS money, 0.1::DOUBLE AS double, TIMESTAMPTZ '2026-11-21 10:00:00.000001+00' AS at,
      '{"a":1}'::JSON AS json, {'a': 1::BIGINT} AS struct, [1, 2] AS list, MAP {'k': 1} AS map, NULL AS missing,
      DATE '2026-11-21' AS day, true AS yes, 'a' AS text`;
    const { columns, rows } = await ask(script, path, sql);
    expect(rows[0]).toEqual([
      9_007_199_254_740_993n,
      170_141_183_460_469_231_731_687_303_715_884_105_727n,
      "0.139000000",
      0.1,
      { kind: "time", micros: 1_795_255_200_000_001n },
      '{"a":1}',
      { a: 1n },
      [1, 2],
      { k: 1 },
      null,
      "2026-11-21",
      true,
      "a",
    ]);
    expect(columns.map((column) => column.type)).toEqual([
      "BIGINT",
      "HUGEINT",
      "DECIMAL(18,9)",
      "DOUBLE",
      "TIMESTAMP WITH TIME ZONE",
      "JSON",
      'STRUCT("a" BIGINT)',
      "INTEGER[]",
      "MAP(VARCHAR, INTEGER)",
      expect.any(String),
      "DATE",
      "BOOLEAN",
      "VARCHAR",
    ]);
  });

  test("parameters are bound, never pasted", async () => {
    const parameters = { model: "x' OR 1=1 --", n: "3" };
    const sql = "SELECT $model AS model, $n::INTEGER + 1 AS n";
    expect((await ask(script, path, sql, { parameters })).rows).toEqual([["x' OR 1=1 --", 4]]);
    expect((await refusal(script, path, sql, { parameters: { model: "a" } })).message).toContain(
      "$n",
    );
    expect((await refusal(script, path, "SELECT 1", { parameters })).message).toContain("$model");
    expect((await refusal(script, path, "SELECT ?")).code).toBe("bad-argument");
  });

  test.each(["1e400", "-1e400", "1e400 + 0", "'nan'::DOUBLE", "'inf', 1e999"])(
    "a number beyond all doubles is no bug: %s",
    async (text) => {
      expect((await ask(script, path, `SELECT ${text} AS a`)).rows).toHaveLength(1);
    },
  );

  test("a NUL is refused, for the engine would end the text there", async () => {
    const { code, message } = await refusal(script, path, "SELECT 1\0 FROM nowhere");
    expect([code, message]).toEqual(["query-refused", "The query holds a NUL character."]);
  });

  test("at most as many rows and bytes as asked for, and says so", async () => {
    const all = "FROM api_requests";
    expect(await ask(script, path, all, { maxRows: 0 })).toMatchObject({ cut: undefined });
    expect((await ask(script, path, all, { maxRows: 0 })).rows).toHaveLength(20_000);
    const cut = await ask(script, path, all, { maxRows: 5_000 });
    expect(cut.rows).toHaveLength(5_000);
    expect(cut.cut).toBe("rows");
    const exact = await ask(script, path, "FROM range(5000)", { maxRows: 5_000 });
    expect(exact).toMatchObject({ cut: undefined });
    expect((await ask(script, path, all, { maxBytes: 1_000 })).cut).toBe("bytes");
  });

  test("days begin where the time zone says", async () => {
    const sql = "SELECT date_trunc('day', TIMESTAMPTZ '2026-07-15 22:30:00+00') AS day";
    const { rows } = await ask(script, path, sql, { timeZone: "Europe/Berlin" });
    expect(rows[0]?.[0]).toEqual({ kind: "time", micros: 1_784_152_800_000_000n });
  });

  test.each(["otel.duckdb", "base.duckdb", "store.duckdb", "main.duckdb", 'it\'s "odd" ü.duckdb'])(
    "from a file that was renamed to %s",
    async (name) => {
      const made = await makeStore();
      const renamed = `${made.folder}/${name}`;
      renameSync(made.path, renamed);
      const { rows } = await ask(script, renamed, "SELECT count(*) FROM otel.logs");
      expect(rows).toEqual([[20_000n]]);
    },
  );
});

describe("says in one sentence", () => {
  test.each([
    ["", "query-refused", /empty/],
    [" \n ", "query-refused", /empty/],
    ["-- nothing", "query-refused", /empty/],
    ["; ;", "query-refused", /empty/],
    ["SELECT 1; SELECT 2", "query-refused", /holds 2/],
    ["SELECT", "query-failed", /not valid SQL/],
    ["SELECT * FROM nowhere", "query-failed", /nowhere does not exist/],
    ["SELECT nothing FROM api_requests", "query-failed", /nothing/],
    ["SELECT 1/0::INTEGER, error('no')", "query-failed", /no/],
    ["SELECT 'a'::INTEGER", "query-failed", /Could not convert/],
    ["PIVOT api_requests ON model", "query-refused", /PIVOT/],
    ["INSERT INTO api_requests VALUES (1)", "query-refused", /INSERT/],
    ["EXPLAIN INSERT INTO api_requests VALUES (1)", "query-refused", /INSERT/],
  ])("%j: %s", async (sql, code, message) => {
    const error = await refusalHere(path, sql);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test("that there is no database, that it is not ours, that it is not one at all", async () => {
    const { folder } = await makeStore();
    expect((await refusal(script, `${folder}/none.duckdb`, "SELECT 1")).code).toBe("store-missing");
    expect((await refusal(script, script, "SELECT 1")).code).toBe("store-foreign");
    const database = await Database.open();
    await database.connection.run(`ATTACH '${folder}/other.duckdb' AS other`);
    await database.connection.run("CREATE TABLE other.t AS SELECT 1");
    await database.connection.run("DETACH other");
    expect((await refusal(script, `${folder}/other.duckdb`, "SELECT 1")).code).toBe(
      "store-foreign",
    );
    await database.connection.run(`ATTACH '${folder}/empty.duckdb' AS empty`);
    await database.connection.run("CREATE TABLE empty.t AS SELECT 1");
    await database.connection.run("DROP TABLE empty.t");
    await database.connection.run("DETACH empty");
    expect((await refusal(script, `${folder}/empty.duckdb`, "SELECT 1")).code).toBe(
      "store-missing",
    );
    await database.close();
  });

  test("who holds the database, after waiting for it", async () => {
    const held = await makeStore();
    const store = await openStoreWith({ statements: [] }, held.path);
    await store.writing(async () => {
      const error = await refusal(script, held.path, "SELECT 1", { waitMs: 300 });
      expect(error.code).toBe("store-locked");
      expect(error.message).toContain(String(process.pid));
    });
    await store.close();
  });

  test("that views of another version cannot be created again", async () => {
    const path = await outdatedStore();
    const renewViews = () => Promise.reject(new Error("no space"));
    await expect(ask(script, path, "SELECT 1", {}, { renewViews })).rejects.toThrow("no space");
  });
});

test("a query of a database with views of another version runs once they are created again", async () => {
  const path = await outdatedStore();
  let started = 0;
  const start = () => {
    started += 1;
    return startQueryChild(script);
  };
  const renewViews = () => createViews(path, definition);
  const answer = await ask(script, path, "SELECT 1 AS one", {}, { start, renewViews });
  expect(answer).toMatchObject({ rows: [[1]], cut: undefined });
  expect(started).toBe(2);
});

describe("a query that is aborted ends its process, and is answered no more:", () => {
  const LONG = "SELECT count(*) FROM range(1000000000000) a, range(1000) b";
  const ended = expect.objectContaining({ code: "cancelled", message: "The query was cancelled." });

  test("before it begins", async () => {
    const signal = AbortSignal.abort();
    await expect(ask(script, path, LONG, {}, { signal })).rejects.toEqual(ended);
  });

  test("while it runs", async () => {
    const stop = new AbortController();
    const start = () => {
      const child = startQueryChild(script);
      child.stdout.once("data", () => stop.abort());
      return child;
    };
    const { signal } = stop;
    await expect(ask(script, path, LONG, {}, { start, signal })).rejects.toEqual(ended);
  });

  test("while the views are created again", async () => {
    const outdated = await outdatedStore();
    const stop = new AbortController();
    const renewViews = async () => {
      await createViews(outdated, definition);
      stop.abort();
    };
    const { signal } = stop;
    await expect(ask(script, outdated, LONG, {}, { renewViews, signal })).rejects.toEqual(ended);
  });
});

/** A database whose views are those of another version. */
async function outdatedStore(): Promise<string> {
  const { path } = await makeStore();
  await createViews(path, { statements: ["CREATE OR REPLACE VIEW v AS SELECT 1"] });
  return path;
}

async function createViews(path: string, views: StoreDefinition): Promise<void> {
  const store = await openStoreWith(views, path);
  await store.writing(() => Promise.resolve());
  await store.close();
}

test("every function of the engine that could reach out was looked at", async () => {
  const database = await Database.open();
  const names = async (where: string) =>
    (
      await database.connection.runAndReadAll(
        `SELECT DISTINCT function_name FROM duckdb_functions() WHERE ${where} ORDER BY 1`,
      )
    )
      .getRows()
      .map(([name]) => String(name));
  const tables = await names("function_type IN ('table', 'table_macro', 'pragma')");
  for (const name of allowedTableFunctions) expect(tables).toContain(name);
  const scalar = await names("function_type IN ('scalar', 'macro')");
  const effects = await names("has_side_effects");
  // Neither writes, waits longer than the time limit, nor describes the machine.
  const harmless = [
    "current_connection_id",
    "current_query",
    "current_query_id",
    "current_transaction_id",
    "error",
    "gen_random_uuid",
    "random",
    "setseed",
    "sleep_ms",
    "stats",
    "uuid",
    "uuidv4",
    "uuidv7",
  ];
  expect(effects.filter((name) => !refusedFunctions.has(name))).toEqual(harmless);
  const suspicious = /log|secret|file|path|env|setting|exec|query|attach|copy|write|load|http|url/;
  const lookedAt = [
    "current_catalog",
    "current_query",
    "current_query_id",
    "in_search_path",
    "json_extract_path",
    "json_extract_path_text",
    "log",
    "log10",
    "log2",
    "parse_dirpath",
    "parse_duckdb_log_message",
    "parse_filename",
    "parse_path",
    "pg_conf_load_time",
    "url_decode",
    "url_encode",
  ];
  const found = scalar.filter((name) => suspicious.test(name) && !refusedFunctions.has(name));
  expect(found).toEqual(lookedAt);
  await database.close();
});
