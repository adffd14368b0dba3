import { KnownError } from "../errors.ts";

/** ERR_INVALID_ARG_VALUE is Node's word for a NUL in a path. */
const NO_SUCH_PATH = ["ENOENT", "ENOTDIR", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE"];

/** Turns what the system said about a path into a sentence for the user. */
export function fileError(path: string, cause: unknown): KnownError {
  const code = systemCode(cause);
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
  const said = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new KnownError("path-unreadable", `"${path}" could not be read (${said}).`, {
    hint: "Check the disk or the network drive it is on, then try again.",
    cause,
  });
}

/** The system's error word, such as ENOENT. */
export function systemCode(cause: unknown): string | undefined {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") {
    return cause.code;
  }
  return undefined;
}
