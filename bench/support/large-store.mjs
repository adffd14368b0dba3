// A database of a million requests: some telemetry imported, and its rows repeated in SQL.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { generateFile } from "../generate.mjs";
import { benchFolder, core } from "./places.mjs";
import { bytesOf } from "./size.mjs";

/** @typedef {import("../../packages/core/src/index.ts").Store} Store */
/** @typedef {import("../../packages/core/src/index.ts").Session} Session */

/** The larger the part that is imported, the less alike are the repetitions. */
const IMPORTED = "200MB";

const recordTables = ["api_request_logs", "other_logs", "metric_points"];

/**
 * How a column differs from repetition to repetition. Each of them lies after the one before it in
 * time and has sessions, prompts and workflows of its own, as later telemetry would.
 *
 * @type {Readonly<Record<string, string>>}
 */
const replacements = {
  record_id: "CAST(md5(CAST(record_id AS VARCHAR) || $copy) AS UUID)",
  time: "time + to_microseconds($shift)",
  start_time: "start_time + to_microseconds($shift)",
  session_id: "CAST(CAST(md5(session_id || $copy) AS UUID) AS VARCHAR)",
  prompt_id: "CAST(CAST(md5(prompt_id || $copy) AS UUID) AS VARCHAR)",
  request_id: "'req_011C' || left(md5(request_id || $copy), 20)",
  request_key:
    "CAST(md5_number_lower('req_011C' || left(md5(request_id || $copy), 20)) & 4294967295 AS UINTEGER)",
  tool_use_id: "'toolu_01' || left(md5(tool_use_id || $copy), 22)",
  message_uuid: "CAST(CAST(md5(message_uuid || $copy) AS UUID) AS VARCHAR)",
  workflow_id: "workflow_id || '-' || $copy",
  tags: "replace(tags, workflow_id, workflow_id || '-' || $copy)",
  task_id: "replace(task_id, workflow_id, workflow_id || '-' || $copy)",
};

/**
 * Makes the database; gives the store and what it holds.
 *
 * @param {{ requests: number }} wish
 */
export async function makeLargeStore({ requests }) {
  const { importPaths, openStore } = await core();
  const jsonl = join(benchFolder(), "part.jsonl");
  const database = join(benchFolder(), "large.duckdb");
  generateFile({ path: jsonl, bytes: bytesOf(IMPORTED), seed: 7 });
  const store = await openStore(database);
  await importPaths(store, [jsonl]);
  rmSync(jsonl);
  const { copies, span, rows } = await store.reading((session) => plan(session, requests));
  for (let copy = 1; copy < copies; copy++) {
    await store.writing((session) => repeat(session, rows, copy, span * BigInt(copy)));
  }
  await store.writing(derive);
  const counted = await store.reading((session) => session.rows(countSql));
  return { store, database, counts: counted[0] ?? {} };
}

/** How many repetitions make the wanted number, how long one lasts, and the rows of the first. */
async function plan(/** @type {Session} */ session, /** @type {number} */ requests) {
  const [row] = await session.rows(`
    SELECT count(*) AS requests, epoch_us(max(time)) - epoch_us(min(time)) AS span
    FROM base.api_request_logs`);
  const copies = Math.ceil(requests / Number(row?.["requests"] ?? 1));
  /** @type {Map<string, { columns: readonly string[], count: bigint }>} */
  const rows = new Map();
  for (const table of recordTables) {
    const described = await session.rows(`DESCRIBE base.${table}`);
    const [counted] = await session.rows(`SELECT count(*) AS count FROM base.${table}`);
    const columns = described.map((each) => String(each["column_name"]));
    rows.set(table, { columns, count: BigInt(String(counted?.["count"] ?? 0)) });
  }
  return { copies, span: BigInt(String(row?.["span"] ?? 0)), rows };
}

/**
 * Adds one repetition of the imported rows, which are the first of each table.
 *
 * @param {Session} session
 * @param {ReadonlyMap<string, { columns: readonly string[], count: bigint }>} rows
 * @param {number} copy
 * @param {bigint} shift Microseconds.
 */
async function repeat(session, rows, copy, shift) {
  for (const [table, { columns, count }] of rows) {
    const values = columns.map((name) => replacements[name] ?? name).join(", ");
    const select = `SELECT ${values} FROM base.${table} WHERE rowid < $count`;
    const used = { copy: String(copy), shift, count };
    await session.run(`INSERT INTO base.${table} ${select}`, used);
  }
}

/** What is derived where rows are stored the usual way, for the repetitions. */
async function derive(/** @type {Session} */ session) {
  for (const [table, rows] of [
    ["request_days", "request_days_since(0)"],
    ["routes", "routes_since(0, 0)"],
  ]) {
    await session.run(`DELETE FROM base.${table}`);
    await session.run(`INSERT INTO base.${table} FROM base.${rows}`);
  }
}

const countSql = `
  SELECT (SELECT count(*) FROM base.api_request_logs) AS requests,
         (SELECT count(*) FROM base.other_logs) AS other_logs,
         (SELECT count(*) FROM base.metric_points) AS metric_points,
         (SELECT count(DISTINCT session_id) FROM base.api_request_logs) AS sessions`;
