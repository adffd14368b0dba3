import { type BigIntStats, statSync } from "node:fs";
import { fileError, systemCode, throwIfOutOfDescriptors } from "../file-error.ts";
import { fileStatOf } from "../file-stat.ts";
import { describeKind } from "../read/file-bytes.ts";
import type { FoundFile } from "./found.ts";

/** Why there is no file at a path. */
export type Unsuited =
  | "missing"
  | "directory"
  | { readonly kind: "unreadable" | "unsuitable"; readonly reason: string };

/** What the system says of a file, or why there is none; throws only if no more files can be opened. */
export function statPath(path: string): BigIntStats | Unsuited {
  try {
    const stats = statSync(path, { bigint: true });
    if (stats.isFile()) return stats;
    if (stats.isDirectory()) return "directory";
    return { kind: "unsuitable", reason: `It is ${describeKind(stats)}, not a file.` };
  } catch (cause) {
    throwIfOutOfDescriptors(path, cause);
    const code = systemCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    return { kind: "unreadable", reason: fileError(path, cause).message };
  }
}

/** Those of the paths at which there is a file now; throws only if no more files can be opened. */
export function filesAt(paths: readonly string[]): readonly FoundFile[] {
  return paths.flatMap((path) => {
    const stats = statPath(path);
    if (typeof stats !== "object" || "reason" in stats) return [];
    return [{ path, stat: fileStatOf(stats) }];
  });
}
