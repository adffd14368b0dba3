import { codeOf, KnownError, messageOf } from "../errors.ts";

/** ERR_INVALID_ARG_VALUE is Node's word for a NUL in a path. */
const NO_SUCH_PATH = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"];

/** EMFILE: this process may open no more; ENFILE: no process may. */
const NO_DESCRIPTOR = ["EMFILE", "ENFILE"];

/** Turns what the system said about a path into a sentence for the user. */
export function fileError(path: string, cause: unknown): KnownError {
  const code = codeOf(cause);
  if (code !== undefined && NO_SUCH_PATH.includes(code)) {
    return new KnownError("path-missing", `There is no file or directory "${path}".`, {
      hint: "Check the spelling; quote a pattern such as 'otel*.jsonl'.",
      cause,
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new KnownError("path-unreadable", `"${path}" may not be read by this user.`, {
      hint: "Change its permissions or run as the user who owns it.",
      cause,
    });
  }
  if (code === "ELOOP") {
    return new KnownError(
      "path-unreadable",
      `"${path}" is a symbolic link that leads in a circle.`,
      {
        hint: "Point the link at a file.",
        cause,
      },
    );
  }
  if (isOutOfDescriptors(cause)) {
    return new KnownError(
      "path-unreadable",
      `Too many files are open to read "${path}" (ulimit -n allows more).`,
      {
        hint: "Allow this process more open files (ulimit -n 1024), or name fewer telemetry files.",
        cause,
      },
    );
  }
  const said = code ?? messageOf(cause);
  return new KnownError("path-unreadable", `"${path}" could not be read (${said}).`, {
    hint: "Check the disk or the network drive it is on, then try again.",
    cause,
  });
}

/**
 * Whether an error, or the cause of a known one, is that no more files can be opened at the moment:
 * that says nothing of the file.
 */
export function isOutOfDescriptors(error: unknown): boolean {
  const said = error instanceof KnownError ? error.cause : error;
  return NO_DESCRIPTOR.includes(codeOf(said) ?? "");
}

/** Throws the known error of a path if no more files can be opened at the moment. */
export function throwIfOutOfDescriptors(path: string, cause: unknown): void {
  if (isOutOfDescriptors(cause)) throw cause instanceof KnownError ? cause : fileError(path, cause);
}
