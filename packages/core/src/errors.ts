/** What went wrong, as a word a program can test. */
export const knownErrorCodes = [
  "path-missing",
  "path-unreadable",
  "path-unsuitable",
  "no-telemetry",
  "ambiguous-signal",
  "store-locked",
  "store-newer",
  "store-foreign",
  "store-damaged",
  "store-unwritable",
  "store-missing",
  "store-replaced",
  "disk-full",
  "machine-limit",
  "query-refused",
  "query-failed",
  "query-timeout",
  "output-failed",
  "settings-unsuitable",
  "unhealthy",
  "not-started",
  "already-running",
  "not-running",
  "not-stopped",
  "port-taken",
  "bad-argument",
  "cancelled",
  "strict",
] as const;

export type KnownErrorCode = (typeof knownErrorCodes)[number];

/**
 * An error the user can do something about: one sentence that names the thing,
 * and a hint that names the next step. Anything else that is thrown is a bug.
 */
export class KnownError extends Error {
  readonly code: KnownErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: KnownErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "KnownError";
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system's code of an error, such as `ENOENT`; undefined if it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
