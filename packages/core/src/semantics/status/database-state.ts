import { accessSync, constants, type Stats, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { KnownError } from "../../errors.ts";
import { describeKind } from "../../source/read/file-bytes.ts";

/** With less than this the next import may fail; with less than the second nothing can be stored. */
const SCARCE_BYTES = 256 * 1024 * 1024;
const NEEDED_BYTES = 1024 * 1024;

/** The database file and the disk it lies on. */
export interface DatabaseState {
  readonly path: string;
  readonly sizeBytes: number;
  /** What this user may still write to its disk; undefined if the system does not say. */
  readonly freeBytes: number | undefined;
  /** `read-only`: what is stored can be asked, and nothing can be added. */
  readonly condition: "ok" | "missing" | "read-only" | "disk nearly full" | "disk full";
}

/**
 * Looks at the database file, without opening it. KnownError where something else stands at its
 * path.
 */
export function databaseState(path: string): DatabaseState {
  const stats = statOf(path);
  if (stats === undefined) {
    return { path, sizeBytes: 0, freeBytes: undefined, condition: "missing" };
  }
  refuseOther(path, stats);
  const freeBytes = freeBeside(path);
  return { path, sizeBytes: stats.size, freeBytes, condition: conditionOf(path, freeBytes) };
}

function conditionOf(path: string, freeBytes: number | undefined): DatabaseState["condition"] {
  if (!mayWrite(path) || !mayWrite(dirname(path))) return "read-only";
  if (freeBytes === undefined || freeBytes >= SCARCE_BYTES) return "ok";
  return freeBytes < NEEDED_BYTES ? "disk full" : "disk nearly full";
}

/** Opening a pipe would wait for ever. */
function refuseOther(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  throw new KnownError("store-unwritable", `${path} is ${describeKind(stats)}, not a database.`, {
    hint: "Move it away, or name another database with --db.",
  });
}

/** What may not even be looked at is left to the opening, which fails with the reason. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function freeBeside(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
