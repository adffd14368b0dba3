import { KnownError } from "@cctelemetry/core/light";
import { reasonOf } from "./system-reason.ts";

const TOO_MANY_FILES = ["EMFILE", "ENFILE"];
/** What the system may refuse to any program, whatever the program does. */
const REFUSALS = [
  "EACCES",
  "EDQUOT",
  "EFBIG",
  "EIO",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOMEM",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
];

/**
 * The known error for what the machine refused somewhere in the program: no descriptors, no memory,
 * no space, no folder for temporary files. The error itself for everything else.
 */
export function environmental(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof KnownError) return error;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const known = (message: string, hint: string): KnownError =>
    new KnownError("machine-limit", message, { hint, cause: error });
  if (code === "ERR_DLOPEN_FAILED") {
    return known(
      `The database engine cannot be loaded: ${firstLine(error.message)}.`,
      "Give the process more memory (ulimit -v), or install cctelemetry again on this machine.",
    );
  }
  if (code !== undefined && TOO_MANY_FILES.includes(code)) {
    return known(
      "Too many files are open.",
      "Allow this process more open files (ulimit -n 1024), or name fewer telemetry files.",
    );
  }
  if (code === "ENOENT" && syscall === "mkdtemp") {
    return known(
      `There is no folder for temporary files: ${path ?? ""}`,
      "Set TMPDIR to a folder you may write to.",
    );
  }
  if (code === undefined || syscall === undefined || !REFUSALS.includes(code)) return error;
  return known(
    `The system refused ${syscall}${path === undefined ? "" : ` of ${path}`}: ${reasonOf(error)}.`,
    "Check the permissions, the space and the name of that path, then run the command again.",
  );
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/\.$/, "");
}
