import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parseBackupName } from "../../source/siblings.ts";
import type { Store } from "../../store/store.ts";
import { databaseState } from "./database-state.ts";
import knownFilesSql from "./known-files.sql";

/**
 * The files a database was filled from that are still there and may grow. A rotated file stands
 * for the one that is written now.
 */
export async function knownFiles(store: Store): Promise<readonly string[]> {
  if (databaseState(store.path).condition === "missing") return [];
  const rows = await store.peeking((session) => session.rows(knownFilesSql));
  const live = rows.map(({ path }) => livePath(String(path)));
  return [...new Set(live.filter((path) => path !== undefined))];
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
