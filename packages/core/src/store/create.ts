import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { codeOf } from "../errors.ts";
import { templateDatabase } from "./template.ts";

/**
 * The format of new database files: readable by DuckDB 1.4 and later, which writes at a commit
 * only what is new of a table; earlier formats rewrite the metadata of every column of every row
 * group. Blocks of 64 KiB suit tables of many columns that grow by small leases; the default of
 * 256 KiB makes larger files.
 */
const FORMAT = "STORAGE_VERSION 'v1.4.0', BLOCK_SIZE 65536";

/**
 * The engine's own header of a file, bytes. It has the identifier by which a log knows its database,
 * so that it is never copied; all that follows may be.
 */
const HEADER_BYTES = 4096;

const NEW = "store_new";
const NEW_FILE = ".cctelemetry-new-";
/** Age of a file that nobody is making any more. */
const LEFT_BEHIND_MS = 600_000;

/**
 * Makes a database without records, for the user's eyes alone: one without tables, too, where there
 * is no template. It is made beside its place and put there
 * whole: a full disk or a kill leaves nothing at the path that would pass for a database. Where
 * another process is quicker, that one's database stays.
 */
export async function createDatabase(path: string, connection: DuckDBConnection): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  sweep(path);
  // Short, for a name that just fits must not be too long with something added to it.
  const made = join(dirname(path), `${NEW_FILE}${randomUUID()}`);
  try {
    const attach = `ATTACH '${made.replaceAll("'", "''")}' AS ${NEW} (${FORMAT})`;
    await connection.run(`${attach}; DETACH ${NEW}`);
    chmodSync(made, 0o600);
    const template = templateDatabase();
    if (template !== undefined) {
      writeAfterHeader(made, template);
      // By this time a database is distinguished from one that replaces it.
      await connection.run(
        `${attach}; UPDATE ${NEW}.base.meta SET created_at = now(); DETACH ${NEW}`,
      );
    }
    putInPlace(made, path);
  } finally {
    await connection.run(`DETACH DATABASE IF EXISTS ${NEW}`).catch(() => undefined);
    for (const left of [made, `${made}.wal`]) rmSync(left, { force: true });
  }
}

function writeAfterHeader(path: string, template: Buffer): void {
  const file = openSync(path, "r+");
  try {
    for (let at = HEADER_BYTES; at < template.length; ) {
      at += writeSync(file, template, at, template.length - at, at);
    }
  } finally {
    closeSync(file);
  }
}

/** A link fails where something is there already; a file system without links gets a rename. */
function putInPlace(made: string, path: string): void {
  try {
    linkSync(made, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return;
    if (!existsSync(path)) renameSync(made, path);
  }
}

/** Removes what processes left behind that were killed while they made a database. */
function sweep(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(NEW_FILE)) continue;
    const left = join(dirname(path), name);
    const age = Date.now() - (statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > LEFT_BEHIND_MS) rmSync(left, { force: true });
  }
}
