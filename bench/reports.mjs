// How long every report takes on a million requests.
import { statSync } from "node:fs";
import { figure, median } from "./support/figures.mjs";
import { makeLargeStore } from "./support/large-store.mjs";
import { core } from "./support/places.mjs";

/** @typedef {import("../packages/core/src/index.ts").Session} Session */
/** @typedef {import("../packages/core/src/index.ts").Report} Report */

/** The most that a report may take, in milliseconds. */
const TARGET_MS = 100;

/**
 * Runs each report, its footer included, several times on the open database.
 *
 * @param {{ requests: number, rounds: number }} options
 */
export async function benchReports({ requests, rounds }) {
  const { store, database, counts } = await makeLargeStore({ requests });
  for (const [name, count] of Object.entries(counts)) figure(`large_store_${name}`, Number(count));
  figure("large_store_mb", statSync(database).size / 1e6);
  const { reports } = await core();
  await store.reading(async (session) => {
    for (const report of Object.values(reports)) await benchReport(session, report, rounds);
  });
  await store.close();
}

/**
 * Query time is the report's own statement, with its result as JavaScript values. The whole includes
 * the footer's statement, which is the same for all reports.
 */
async function benchReport(
  /** @type {Session} */ session,
  /** @type {Report} */ report,
  /** @type {number} */ rounds,
) {
  const { runReport } = await core();
  const takesSession = report.required?.includes("session") === true;
  const given = takesSession ? { session: await someSession(session) } : {};
  const parameters = parametersOf(report, given);
  const query = await timed(rounds, () => session.table(report.sql, parameters));
  const whole = await timed(rounds, () => runReport(session, report, given));
  const name = `report_${report.name}`;
  figure(`${name}_query_first_ms`, query.first);
  figure(`${name}_query_cpu_ms`, query.cpu);
  figure(`${name}_query_median_ms`, query.median);
  figure(`${name}_query_best_ms`, query.best, { atMost: TARGET_MS });
  figure(`${name}_with_footer_best_ms`, whole.best);
}

/** What the report's statement is given where the user gives nothing. */
function parametersOf(
  /** @type {Report} */ { sql, limit, buckets },
  /** @type {Readonly<Record<string, string>>} */ given,
) {
  /** @type {Readonly<Record<string, string | number | null>>} */
  const values = {
    tz: "Europe/Berlin",
    bucket: buckets?.[0] ?? null,
    limit: limit === undefined ? null : limit + 1,
    ...given,
  };
  const names = [...sql.matchAll(/\$([a-z]+)/g)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
}

/** Milliseconds of several runs; the first, which reads the database from the disk, apart. */
async function timed(/** @type {number} */ rounds, /** @type {() => Promise<unknown>} */ work) {
  /** @type {number[]} */
  const walls = [];
  /** @type {number[]} */
  const cpus = [];
  for (let round = 0; round <= rounds; round++) {
    const cpuBefore = process.cpuUsage();
    const started = performance.now();
    await work();
    walls.push(performance.now() - started);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpus.push((user + system) / 1000);
  }
  const [first = Number.NaN, ...warm] = walls;
  return { first, best: Math.min(...warm), median: median(warm), cpu: Math.min(...cpus) };
}

async function someSession(/** @type {Session} */ session) {
  const [row] = await session.rows(
    "SELECT quantile_disc(session_id, 0.5) AS session_id FROM base.api_request_logs",
  );
  return String(row?.["session_id"]);
}
