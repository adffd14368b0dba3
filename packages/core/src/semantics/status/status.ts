import { type NotRead, NotReadTally } from "../../model/not-read.ts";
import type { Session, Value } from "../../store/session.ts";
import type { Store } from "../../store/store.ts";
import { type DatabaseState, databaseState } from "./database-state.ts";
import { type FileState, type ReadFile, stateOfFile } from "./file-state.ts";
import filesSql from "./files.sql";
import notReadSql from "./not-read.sql";
import { countOddTimes, type OddTimes } from "./odd-times.ts";
import totalsSql from "./totals.sql";

/** A row with its columns by name. */
type StatusRow = Readonly<Record<string, Value>>;

/** What a database knows, and how it and its files are at this moment. */
export interface StoreStatus {
  readonly database: DatabaseState;
  /** Sessions, requests, tokens, cost, records, first and last time, agreement, rejected lines. */
  readonly totals: StatusRow;
  /** One entry per file that was read, the latest first. */
  readonly files: readonly FileStatus[];
  /** Why lines of the files were not read, the most frequent reason first. */
  readonly notRead: readonly NotRead[];
  readonly oddTimes: OddTimes;
}

/** What is stored of a file, and what stands at its path now. */
export interface FileStatus {
  readonly stored: StatusRow;
  readonly now: FileState;
}

/**
 * Asks a database what it knows, from which files, how fresh and how complete, and looks at the
 * files as they are now; `now` in microseconds since 1970. KnownError where there is no database,
 * or none that can be read.
 */
export async function storeStatus(store: Store, now: bigint): Promise<StoreStatus> {
  const database = databaseState(store.path);
  const { rows, ...stored } = await store.reading((session) => ask(session, now));
  const files: FileStatus[] = [];
  for (const row of rows) files.push({ stored: row, now: await stateOfFile(readFileOf(row)) });
  return { database, ...stored, files: files.map((file) => replacedOr(file, files)) };
}

/** Where the file that took another's place was read as well, the other is just gone. */
function replacedOr(file: FileStatus, files: readonly FileStatus[]): FileStatus {
  const { stored, now } = file;
  const isRead = files.some(
    (other) =>
      other !== file &&
      other.stored["path"] === stored["path"] &&
      (other.now.state === "up to date" || other.now.state === "behind"),
  );
  if (now.state !== "another file" || !isRead) return file;
  const gone = { state: "gone", lagBytes: undefined, sizeBytes: undefined };
  return { stored, now: { ...gone, reason: "Another file has replaced it, and is read." } };
}

async function ask(
  session: Session,
  now: bigint,
): Promise<
  Pick<StoreStatus, "totals" | "notRead" | "oddTimes"> & { readonly rows: readonly StatusRow[] }
> {
  const [totals = {}] = await session.rows(totalsSql);
  const tally = new NotReadTally();
  for (const { reason, detail, lines } of await session.rows(notReadSql)) {
    tally.add(String(reason), String(detail), Number(lines));
  }
  const oddTimes = await countOddTimes(session, now);
  return { totals, rows: await session.rows(filesSql), notRead: tally.list(), oddTimes };
}

function readFileOf(row: StatusRow): ReadFile {
  return {
    path: String(row["path"]),
    cursorOffset: Number(row["cursor_offset"]),
    sizeBytes: Number(row["size_bytes"]),
    headHash: String(row["head_hash"]),
    guardLength: Number(row["guard_length"]),
    guardHash: String(row["guard_hash"]),
  };
}
