import { type BigIntStats, statSync } from "node:fs";
import { fileError, systemCode, throwIfOutOfDescriptors } from "../file-error.ts";
import { lookOf } from "../look.ts";
import { describeKind } from "../read/file-bytes.ts";
import type { SurveyedFile } from "./survey-types.ts";

/** Why there is no file at a path. */
export type Unsuited =
  | "missing"
  | "directory"
  | { readonly kind: "unreadable" | "unsuitable"; readonly reason: string };

/** What the system says of a file, or why there is none; throws only if no more files can be opened. */
export function statOf(path: string): BigIntStats | Unsuited {
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
export function surveyed(paths: readonly string[]): readonly SurveyedFile[] {
  return paths.flatMap((path) => {
    const stats = statOf(path);
    if (typeof stats !== "object" || "reason" in stats) return [];
    return [{ path, look: lookOf(stats) }];
  });
}
