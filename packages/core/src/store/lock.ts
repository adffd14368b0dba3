import { KnownError } from "../errors.ts";

/** What a failed ATTACH or COMMIT means, from the engine's message. */
export type StoreFailure = "locked" | "missing" | "full" | "unwritable" | "foreign" | "other";

const patterns: readonly (readonly [StoreFailure, RegExp])[] = [
  ["locked", /could not set lock on file|file is already open in|used by another process/i],
  ["full", /no space left on device|disk quota exceeded|file too large|there is not enough space/i],
  ["missing", /database does not exist/i],
  [
    "foreign",
    /not a valid DuckDB database file|not a DuckDB|different version|newer version of DuckDB|could not read enough bytes/i,
  ],
  [
    "unwritable",
    /permission denied|read-only file system|cannot open file|cannot open database|is a directory/i,
  ],
];

/** Tells which failure an error of the engine is. */
export function failureOf(error: unknown): StoreFailure {
  const text = messageOf(error);
  return patterns.find(([, pattern]) => pattern.test(text))?.[0] ?? "other";
}

/** Whether the engine has given itself up, as after an fsync that failed: it takes no statement any more. */
export function isFatal(error: unknown): boolean {
  return /FATAL Error|has been invalidated|connection disconnected/i.test(messageOf(error));
}

/** The error a user sees for a failure; the error itself where it is none we know. */
export function explain(error: unknown, path: string): unknown {
  if (error instanceof KnownError) return error;
  const options = { cause: error };
  switch (failureOf(error)) {
    case "locked":
      return new KnownError("store-locked", `The database ${path} is held by ${holderOf(error)}.`, {
        ...options,
        hint: "Close that program, or name another database with --db.",
      });
    case "full":
      return new KnownError("disk-full", `There is no space left for the database ${path}.`, {
        ...options,
        hint: "Free some space and run the command again: it goes on where it stopped.",
      });
    case "missing":
      return new KnownError("store-missing", `There is no database at ${path} yet.`, {
        ...options,
        hint: "Import telemetry first: cctelemetry import <file.jsonl>",
      });
    case "foreign":
      return new KnownError("store-foreign", `${path} is not a database this version can read.`, {
        ...options,
        hint: "Name another database with --db; the telemetry files are the truth and can be imported again.",
      });
    case "unwritable":
      return new KnownError("store-unwritable", `The database ${path} cannot be opened.`, {
        ...options,
        hint: "Check that the path is a file you may read and write, or name another with --db.",
      });
    default:
      return isFatal(error) ? diskFailed(error, path) : error;
  }
}

/** The program that holds the lock, as far as the engine names it. */
function holderOf(error: unknown): string {
  const text = messageOf(error);
  const found = /(?:held in|already open in)\s+(.+?)\s*\(PID (\d+)\)/i.exec(text);
  return found === null ? "another program" : `${found[1]} (process ${found[2]})`;
}

function diskFailed(error: unknown, path: string): KnownError {
  return new KnownError("store-unwritable", `The disk failed to keep the database ${path}.`, {
    cause: error,
    hint: "Check the disk and run the command again: it goes on where it stopped.",
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
