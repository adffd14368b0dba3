// How soon the page opens, and each of its tabs has its numbers, on a million requests.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { installedFile } from "../scripts/support/paths.mjs";
import { runNode } from "../scripts/support/run.mjs";
import { figure, median } from "./support/figures.mjs";
import { makeLargeStore } from "./support/large-store.mjs";
import { benchFolder } from "./support/places.mjs";

/** The most that opening may take, in milliseconds. */
const TARGET_MS = 1000;

/** @typedef {{ readonly tab: string, readonly opened: number, readonly shown: number }} Time */

/**
 * Opens the page in Chromium over the database; needs Chromium.
 *
 * @param {{ requests: number }} options
 */
export async function benchDashboard({ requests }) {
  const { store, database } = await makeLargeStore({ requests });
  await store.close();
  const path = join(benchFolder(), "dashboard-times.jsonl");
  rmSync(path, { force: true });
  const vitest = installedFile("vitest", "vitest.mjs");
  const args = ["run", "test/dashboard/opening.test.ts"];
  const env = { CI: "true", DASHBOARD_DATABASE: database, DASHBOARD_TIMES: path };
  const { code } = await runNode(vitest, args, { show: "inherit", env });
  if (code !== 0) throw new Error("The page did not open.");
  /** @type {readonly Time[]} */
  const times = readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const opened = median(times.map((time) => time.opened));
  figure("dashboard_opened_ms", opened, { atMost: TARGET_MS });
  for (const tab of new Set(times.map((time) => time.tab))) {
    const shown = times.filter((time) => time.tab === tab).map((time) => time.shown);
    figure(`dashboard_${tab}_shown_ms`, median(shown), { atMost: TARGET_MS });
  }
}
