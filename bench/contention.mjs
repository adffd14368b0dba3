// Two followers, an import of a large file and a loop of queries on one database, for a minute.
import { spawn } from "node:child_process";
import { appendFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateFile } from "./generate.mjs";
import { figure, percentile } from "./support/figures.mjs";
import { liveLine } from "./support/live-line.mjs";
import { benchFolder, builtProgram, core } from "./support/places.mjs";
import { bytesOf } from "./support/size.mjs";

const FOLLOWERS = 2;
const LINE_EVERY_MS = 200;
/** How long the last lines may take until they are stored. */
const LAST_LINES_MS = 2_000;
const countSql = "SELECT count(*)::INT AS records FROM log_records";

/**
 * @typedef {{ waitedMs: number[], storedMs: number[], reports: string[] }} Followed
 * @typedef {{ code: number | null, output: string, errors: string }} Ended
 */

/**
 * @param {{ size: string, seconds: number }} options
 */
export async function benchContention({ size, seconds }) {
  const large = join(benchFolder(), "contention-large.jsonl");
  const live = join(benchFolder(), "contention-live.jsonl");
  const database = join(benchFolder(), "contention.duckdb");
  generateFile({ path: large, bytes: bytesOf(size) });
  writeFileSync(live, liveLine(0));

  const followers = Array.from({ length: FOLLOWERS }, () => follow(database, live));
  await Promise.all(followers.map(({ ready }) => ready));
  const until = performance.now() + seconds * 1000;
  const importing = importAll(large, database);
  const [lines, queries, imported] = await Promise.all([
    appendLines(live, until),
    queryAgain(database, until),
    importing,
  ]);
  await new Promise((done) => setTimeout(done, LAST_LINES_MS));
  const followed = await Promise.all(followers.map(({ end }) => end()));

  printWaits(followed);
  printQueries(queries.durations);
  figure("contention_import_wall_seconds", imported.wallSeconds);
  figure("contention_database_over_jsonl_ratio", statSync(database).size / statSync(large).size);
  const errors = [
    ...imported.errors,
    ...queries.errors,
    ...followed.flatMap(({ reports }) => reports),
    ...(await missing(database, large, lines)),
  ];
  for (const error of errors) console.error(error);
  figure("contention_errors", errors.length, { atMost: 0 });
  for (const path of [large, live, database]) rmSync(path);
}

function printWaits(/** @type {readonly Followed[]} */ followed) {
  const waited = followed.flatMap(({ waitedMs }) => waitedMs);
  const stored = followed.flatMap(({ storedMs }) => storedMs);
  figure("contention_live_leases", waited.length);
  figure("contention_live_wait_p50_ms", percentile(waited, 0.5));
  figure("contention_live_wait_p95_ms", percentile(waited, 0.95), { atMost: 300 });
  figure("contention_live_wait_max_ms", Math.max(...waited), { atMost: 2000 });
  figure("contention_live_stored_p50_ms", percentile(stored, 0.5));
  figure("contention_live_stored_p95_ms", percentile(stored, 0.95));
  figure("contention_live_stored_max_ms", Math.max(...stored));
}

function printQueries(/** @type {readonly number[]} */ durations) {
  figure("contention_queries", durations.length);
  figure("contention_query_p50_ms", percentile(durations, 0.5));
  figure("contention_query_p95_ms", percentile(durations, 0.95));
  figure("contention_query_max_ms", Math.max(...durations));
}

/** Appends a line at a time, as the Collector does; gives how many there are in the end. */
async function appendLines(/** @type {string} */ path, /** @type {number} */ until) {
  let lines = 1;
  for (; performance.now() < until; lines++) {
    await new Promise((done) => setTimeout(done, LINE_EVERY_MS));
    appendFileSync(path, liveLine(lines));
  }
  return lines;
}

/** Asks one question after the other; an answer below the one before is an error. */
async function queryAgain(/** @type {string} */ database, /** @type {number} */ until) {
  /** @type {number[]} */
  const durations = [];
  /** @type {string[]} */
  const errors = [];
  let last = 0;
  while (performance.now() < until) {
    const began = performance.now();
    const args = [builtProgram(), "query", countSql, "--json", "--db", database];
    const { code, output, errors: said } = await run(args);
    durations.push(performance.now() - began);
    if (code !== 0 || said !== "") errors.push(`query: exit code ${code}, ${said}`);
    const records = code === 0 ? Number(JSON.parse(output)[0]?.records) : last;
    if (!(records >= last)) errors.push(`query: ${records} records after ${last}`);
    last = records;
  }
  return { durations, errors };
}

async function importAll(/** @type {string} */ path, /** @type {string} */ database) {
  const began = performance.now();
  const { code, errors } = await run([builtProgram(), "import", path, "--db", database]);
  const wallSeconds = (performance.now() - began) / 1000;
  return { wallSeconds, errors: code === 0 ? [] : [`import: exit code ${code}, ${errors}`] };
}

/** What is wrong with the totals: the lines that were followed, and what an import alone makes of the large file. */
async function missing(
  /** @type {string} */ database,
  /** @type {string} */ large,
  /** @type {number} */ lines,
) {
  const { importPaths, openStore } = await core();
  const alone = await openStore(join(benchFolder(), "contention-alone.duckdb"));
  const { totals } = await importPaths(alone, [large], { dryRun: true });
  await alone.close();
  const { output } = await run([builtProgram(), "query", countSql, "--json", "--db", database]);
  const found = Number(JSON.parse(output)[0]?.records);
  const wanted = totals.logRecords + lines;
  return found === wanted ? [] : [`${found} records stored, not ${wanted}`];
}

/** Starts a process that follows a file. */
function follow(/** @type {string} */ database, /** @type {string} */ path) {
  const script = fileURLToPath(new URL("./support/contention-follower.mjs", import.meta.url));
  const library = new URL("../packages/core/dist/index.js", import.meta.url).href;
  const child = spawn(process.execPath, [script, database, library, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const ended = new Promise((done) => child.once("close", done));
  return {
    ready: new Promise((done) => child.stdout.once("data", done)),
    /** @returns {Promise<Followed>} */
    end: async () => {
      child.stdin.end();
      await ended;
      return JSON.parse(output.slice(output.indexOf("\n") + 1));
    },
  };
}

/** @returns {Promise<Ended>} */
function run(/** @type {readonly string[]} */ args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, CCTELEMETRY_HOME: join(benchFolder(), "home") },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output, errors }));
  });
}
