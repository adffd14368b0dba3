import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { seriesOf } from "../../source/find/series.ts";
import { parseBackupName } from "../../source/find/siblings.ts";
import type { Store } from "../../store/store.ts";
import { databaseState } from "./database-state.ts";
import knownPathsSql from "./known-paths.sql";

/**
 * What telemetry comes from when no path is named: the files that a database was filled from, are
 * still there and may grow, and the folders and patterns. A rotated file stands for the one that is
 * written now, a file with a date in its path for all of its series, in which tomorrow's will be.
 */
export async function knownPaths(store: Store): Promise<readonly string[]> {
  if (databaseState(store.path).condition === "missing") return [];
  const rows = await store.peeking((session) => session.rows(knownPathsSql));
  const paths = rows.map((row) => {
    const path = String(row["path"]);
    return row["is_place"] === true ? path : (seriesOf(path) ?? livePath(path));
  });
  return [...new Set(paths.filter((path) => path !== undefined))];
}

function livePath(path: string): string | undefined {
  const places = parseBackupName(basename(path))?.bases ?? [basename(path)];
  return places.map((name) => join(dirname(path), name)).find(isFile);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
