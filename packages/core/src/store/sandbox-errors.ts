import { KnownError, messageOf } from "../errors.ts";

/** Memory the engine may use for one query; temporary files are off. */
export const MEMORY_LIMIT = "1GB";

/** The error a user sees for what the engine threw; undefined for a bug of ours. */
export function knownError(
  error: unknown,
  passedTimeoutMs: number | undefined,
): KnownError | undefined {
  if (error instanceof KnownError) return error;
  const text = messageOf(error);
  if (passedTimeoutMs !== undefined && /interrupt/i.test(text))
    return timeoutError(passedTimeoutMs);
  const match = /^(.*?) Error: ([\s\S]*)$/.exec(text);
  if (match === null) return undefined;
  const [, kind = "", sentence = ""] = match;
  if (kind.endsWith("Permission")) {
    return new KnownError("query-refused", `The query may not leave the database: ${sentence}`, {
      hint: "Query the tables and views of the database: cctelemetry schema lists them.",
    });
  }
  if (kind.endsWith("Out of Memory")) return memoryError(MEMORY_LIMIT);
  const hint = /Catalog|Binder/.test(kind)
    ? { hint: "cctelemetry schema lists the tables and their columns." }
    : {};
  return new KnownError("query-failed", `The query failed: ${sentence}`, hint);
}

/** What is said of a query that took too long. */
export function timeoutError(timeoutMs: number): KnownError {
  const seconds = timeoutMs / 1000;
  return new KnownError(
    "query-timeout",
    `The query took longer than ${seconds} s and was stopped.`,
    {
      hint: "Give it longer with --timeout <seconds>, or ask for less.",
    },
  );
}

/** What is said of a query that took too much memory. */
export function memoryError(limit: string): KnownError {
  return new KnownError(
    "query-failed",
    `The query needs more memory than the ${limit} it may use.`,
    {
      hint: "Ask for fewer rows or columns, or aggregate first.",
    },
  );
}
