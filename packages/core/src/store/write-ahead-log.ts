import { randomUUID } from "node:crypto";
import {
  existsSync,
  linkSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { firstBytes } from "./file-head.ts";
import { tables } from "./statements.ts";

/** What an intact log begins with: the engine leaves a log out in silence that begins otherwise. */
const LOG_BEGINS = Buffer.from([0x64, 0x00, 0x62, 0x65, 0x00]);
/** How much of a log is searched for our tables, bytes. */
const MOST_SEARCHED = 64 * 1024 * 1024;
const LOOK = "store_look";

/** The engine's log of a database: what was committed and is not in the file yet. It lies beside the file that a link leads to. */
export function logOf(path: string): string {
  return `${fileOf(path)}.wal`;
}

function fileOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** What is known of a log before it is replayed; undefined where there is none. */
export function logAt(path: string): Stats | undefined {
  return statSync(logOf(path), { throwIfNoEntry: false });
}

/**
 * Throws where the log of a database does not begin as one does, in the engine's words for a log
 * that it cannot replay. A log that is cut off is as a crash leaves it: what it lacks was never
 * committed.
 */
export function checkLog(path: string): void {
  if ((logAt(path)?.size ?? 0) < LOG_BEGINS.length) return;
  const head = firstBytes(logOf(path), LOG_BEGINS.length);
  if (head === undefined || head.equals(LOG_BEGINS)) return;
  throw new Error(`Failure while replaying WAL file "${logOf(path)}": it does not begin as a log`);
}

/**
 * Puts the log of one of our databases aside, where it is still the one that was found; says in a
 * sentence what was done. Undefined where the database is another program's, or it cannot be known
 * whose it is: the log is left as it is then. The engine's lock on the database is held meanwhile,
 * so that no other process can have begun a new log.
 */
export function putLogAside(
  path: string,
  found: Stats,
  connection: DuckDBConnection,
): Promise<string | undefined> {
  const log = logOf(path);
  const isOurs = async (): Promise<boolean> => {
    const result = await connection.runAndReadAll(
      `SELECT count(*) FILTER (schema_name = 'base' AND table_name = 'meta'), count(*)
       FROM duckdb_tables() WHERE database_name = '${LOOK}'`,
    );
    const [ours, all] = (result.getRows()[0] ?? []).map(Number);
    return ours === 1 || (all === 0 && namesOurTables(log));
  };
  return withoutLog(path, connection, async () => {
    if (!(await isOurs())) return undefined;
    const now = logAt(path);
    if (now === undefined || now.ino !== found.ino || now.mtimeMs !== found.mtimeMs) return "";
    const aside = freeName(`${log}.left`);
    renameSync(log, aside);
    return `The write-ahead log of the database ${path} was damaged and is put aside as ${aside}; importing the telemetry files again brings back the rows it held.`;
  });
}

/** Runs work while the database is attached for reading under a second name, beside which there is no log. */
async function withoutLog<T>(
  path: string,
  connection: DuckDBConnection,
  work: () => Promise<T>,
): Promise<T> {
  const file = fileOf(path);
  const name = join(dirname(file), `.cctelemetry-look-${randomUUID()}`);
  // A hard link has no log of its own; a file system without links leaves the log to the user.
  linkSync(file, name);
  try {
    await connection.run(`ATTACH '${name.replaceAll("'", "''")}' AS ${LOOK} (READ_ONLY)`);
    return await work();
  } finally {
    await connection.run(`DETACH DATABASE IF EXISTS ${LOOK}`).catch(() => undefined);
    rmSync(name, { force: true });
  }
}

/** Whether a log writes to tables of ours: the first writer may have been killed before any of them was in the file. */
function namesOurTables(log: string): boolean {
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > MOST_SEARCHED) return false;
  const bytes = readFileSync(log);
  return tables.some(({ name }) => bytes.includes(name));
}

function freeName(wanted: string): string {
  for (let number = 2, name = wanted; ; number++) {
    if (!existsSync(name)) return name;
    name = `${wanted}-${number}`;
  }
}
