import { realpathSync, statSync } from "node:fs";
import type { KnownError } from "../../errors.ts";
import { codeOf } from "../../errors.ts";
import { fileError, throwIfOutOfDescriptors } from "../file-error.ts";
import { type FileStat, fileStatOf } from "../file-stat.ts";
import { describeKind, unsuitableError } from "../read/file-bytes.ts";
import type { Found, FoundFile, Skipped } from "./found.ts";

/** Why there is no file at a path, in words for a file that is waited for, and as an error. */
export interface NoFile {
  readonly kind: "missing" | "unreadable" | "unsuitable";
  readonly reason: string;
  readonly error: KnownError;
}

/** What is at a path. */
export type AtPath =
  | { readonly kind: "file"; readonly stat: FileStat }
  | { readonly kind: "directory" }
  | NoFile;

/** What the system says of a path; throws only if no more files can be opened. */
export function statPath(path: string): AtPath {
  try {
    const stats = statSync(path, { bigint: true });
    if (stats.isFile()) return { kind: "file", stat: fileStatOf(stats) };
    if (stats.isDirectory()) return { kind: "directory" };
    const reason = `It is ${describeKind(stats)}, not a file.`;
    return { kind: "unsuitable", reason, error: unsuitableError(path, stats) };
  } catch (cause) {
    throwIfOutOfDescriptors(path, cause);
    const error = fileError(path, cause);
    const isMissing = ["ENOENT", "ENOTDIR"].includes(codeOf(cause) ?? "");
    return { kind: isMissing ? "missing" : "unreadable", reason: error.message, error };
  }
}

/**
 * Those of the paths at which there is a file now, and with the reason those of which the system
 * refuses to say; throws only if no more files can be opened.
 */
export function filesAt(paths: readonly string[]): Found {
  const files: FoundFile[] = [];
  const skipped: Skipped[] = [];
  for (const path of paths) {
    const there = statPath(path);
    if (there.kind === "file") files.push({ path, stat: there.stat });
    if (there.kind === "unreadable") skipped.push({ path, reason: there.reason });
  }
  return { files, skipped };
}

/** What links lead to; the path itself if it cannot be followed. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
