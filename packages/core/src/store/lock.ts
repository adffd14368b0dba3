import { codeOf, KnownError, messageOf } from "../errors.ts";
import { databaseAt, storageVersionAt } from "./file-head.ts";
import { logOf } from "./write-ahead-log.ts";

/** What a failed ATTACH, COMMIT or read means. */
export type StoreFailure =
  | "locked"
  | "missing"
  | "full"
  | "limit"
  | "name"
  | "damaged log"
  | "damaged"
  | "other version"
  | "foreign"
  | "unwritable"
  | "other";

/** The engine's words; the first that fits counts. Only what the engine itself begins with its kind of error is damage: a user's SQL may say anything. */
const patterns: readonly (readonly [StoreFailure, RegExp])[] = [
  ["locked", /could not set lock on file|file is already open in|used by another process/i],
  ["full", /no space left on device|disk quota exceeded|file too large|there is not enough space/i],
  ["limit", /too many open files/i],
  ["name", /file name too long|filename or extension is too long/i],
  ["missing", /database does not exist/i],
  ["other version", /different version|newer version of DuckDB/i],
  ["unwritable", /while replaying wal[\s\S]*permission denied/i],
  ["damaged log", /failure while replaying wal/i],
  [
    "damaged",
    /^(IO|Serialization|FATAL|INTERNAL) Error: [\s\S]*(corrupt|could not read enough bytes|failed to deserialize|written with a mode that is not recognized)/i,
  ],
  ["foreign", /not a valid DuckDB database file|not a DuckDB|sqlite_scanner/i],
  [
    "unwritable",
    /permission denied|read-only file system|cannot open file|cannot open database|is a directory/i,
  ],
];

/** The system's words for what fails before the engine is asked. */
const systemCodes: Readonly<Record<string, StoreFailure>> = {
  ENOSPC: "full",
  EDQUOT: "full",
  EFBIG: "full",
  EMFILE: "limit",
  ENFILE: "limit",
  ENAMETOOLONG: "name",
  EACCES: "unwritable",
  EPERM: "unwritable",
  EROFS: "unwritable",
  ENOTDIR: "unwritable",
  EEXIST: "unwritable",
  EISDIR: "unwritable",
  ELOOP: "unwritable",
};

/** Says which failure an error of the engine or of the system is. */
export function failureOf(error: unknown): StoreFailure {
  const bySystem = systemCodes[codeOf(error) ?? ""];
  if (bySystem !== undefined) return bySystem;
  const text = messageOf(error);
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}

/** Whether the error says that the file or its log is not as it was written. */
export function isDamage(error: unknown): boolean {
  const failure = failureOf(error);
  return failure === "damaged" || failure === "damaged log";
}

/** Whether the engine has given itself up, as after an fsync that failed: it takes no statement any more. */
export function isFatal(error: unknown): boolean {
  return /FATAL Error|^INTERNAL Error|has been invalidated|connection disconnected/i.test(
    messageOf(error),
  );
}

/** The error a user sees for a failure; the error itself where it is none we know. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof KnownError) return error;
  const failure = failureOf(error);
  if (failure === "other") return isFatal(error) ? gaveUp(error, path) : error;
  const [code, message, hint] = sentences[failure](path, error);
  return new KnownError(code, message, { hint, cause: error });
}

type Sentence = readonly [code: KnownError["code"], message: string, hint: string];

const sentences: Readonly<
  Record<Exclude<StoreFailure, "other">, (path: string, error: unknown) => Sentence>
> = {
  locked: (path, error) => [
    "store-locked",
    `The database ${path} is held by ${holderOf(error)}.`,
    "Close that program, or name another database with --db.",
  ],
  full: (path) => [
    "disk-full",
    `There is no space left for the database ${path}.`,
    "Free some space and run the command again: it goes on where it stopped.",
  ],
  limit: (path) => [
    "machine-limit",
    `Too many files are open to open the database ${path}.`,
    "Allow this process more open files (ulimit -n 1024), or name fewer telemetry files.",
  ],
  name: (path) => [
    "store-unwritable",
    `The name of the database is too long: ${path}`,
    "Name another database with --db; a name may have some 240 bytes, and a path 4,000.",
  ],
  missing: (path) => [
    "store-missing",
    `There is no database at ${path} yet.`,
    "Import telemetry first: cctelemetry import <file.jsonl>",
  ],
  "damaged log": (path) => [
    "store-damaged",
    `The write-ahead log of the database ${path} is damaged, and rows that only the log holds cannot be read.`,
    `Import the telemetry files again: cctelemetry import <files> puts ${logOf(path)} aside and reads again what it held.`,
  ],
  damaged: (path) => (databaseAt(path) === "duckdb" ? damaged(path) : foreign(path)),
  foreign: (path) => foreign(path),
  "other version": (path, error) => [
    "store-foreign",
    `The database ${path} was written by another version of DuckDB${versionsIn(error)}.`,
    "Update cctelemetry, or name another database with --db.",
  ],
  unwritable: (path) => [
    "store-unwritable",
    `The database ${path} cannot be opened.`,
    "Check that the path is a file you may read and write, or name another with --db.",
  ],
};

function damaged(path: string): Sentence {
  const version = storageVersionAt(path);
  const isNewer = version !== undefined && version > NEWEST_STORAGE_VERSION;
  const newer = `, or was written by a newer version of DuckDB (storage version ${version})`;
  const message = `The database ${path} is damaged${isNewer ? newer : ""}.`;
  return ["store-damaged", message, isNewer ? `Update cctelemetry. ${REBUILD}` : REBUILD];
}

/** No engine that we know of has written one beyond it. */
const NEWEST_STORAGE_VERSION = 99n;

const REBUILD =
  "Put it aside, with the .wal beside it if there is one, and rebuild it from the telemetry files: cctelemetry import <files>";

function foreign(path: string): Sentence {
  const kind = databaseAt(path);
  if (kind === "empty") {
    return [
      "store-missing",
      `There is no database at ${path} yet: the file is empty.`,
      "Import telemetry first: cctelemetry import <file.jsonl>",
    ];
  }
  if (kind === "duckdb") return damaged(path);
  const what = kind === "sqlite" ? "a database of SQLite" : "no DuckDB database";
  return [
    "store-foreign",
    `${path} is ${what}, so not one of cctelemetry, or its beginning is damaged.`,
    "Name another database with --db; one of cctelemetry is rebuilt from the telemetry files once it is put aside: cctelemetry import <files>",
  ];
}

/** ` (storage version 200, this program reads 64 to 68)`, as far as the engine names them. */
function versionsIn(error: unknown): string {
  const found =
    /version number (\d+),? but we can only read versions? (?:between )?([\d]+)(?: and (\d+))?/i.exec(
      messageOf(error),
    );
  if (found === null) return "";
  const [, written, from, to] = found;
  const range = to === undefined ? from : `${from} to ${to}`;
  return ` (storage version ${written}, this program reads ${range})`;
}

/** The program that holds the lock, as far as the engine names it. */
function holderOf(error: unknown): string {
  const text = messageOf(error);
  const found = /(?:held in|already open in)\s+(.+?)\s*\(PID (\d+)\)/i.exec(text);
  return found === null ? "another program" : `${found[1]} (process ${found[2]})`;
}

function gaveUp(error: unknown, path: string): KnownError {
  return new KnownError(
    "store-unwritable",
    `Writing the database ${path} failed, or the database is damaged.`,
    {
      cause: error,
      hint: `Check the disk and run the command again: it goes on where it stopped. If it ends the same way: ${REBUILD}`,
    },
  );
}
