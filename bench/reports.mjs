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
  store.close();
}

async function benchReport(
  /** @type {Session} */ session,
  /** @type {Report} */ report,
  /** @type {number} */ rounds,
) {
  const { runReport } = await core();
  const given = report.name === "session" ? { session: await someSession(session) } : {};
  /** @type {number[]} */
  const times = [];
  // The first run reads the database from the disk; it is told, but not held against the target.
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    await runReport(session, report, given);
    times.push(performance.now() - started);
  }
  const [first = Number.NaN, ...warm] = times;
  figure(`report_${report.name}_first_ms`, first);
  figure(`report_${report.name}_median_ms`, median(warm));
  figure(`report_${report.name}_best_ms`, Math.min(...warm), { atMost: TARGET_MS });
}

async function someSession(/** @type {Session} */ session) {
  const [row] = await session.rows(
    "SELECT quantile_disc(session_id, 0.5) AS session_id FROM base.api_request_logs",
  );
  return String(row?.["session_id"]);
}
