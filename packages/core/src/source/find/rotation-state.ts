import { resolve } from "node:path";
import { statFile } from "../file-stat.ts";
import { backupsBeside } from "./backups.ts";

/**
 * Identifies a state of a rotation: which backups stand beside these files, oldest first
 * and the current file last, and which files they are. Two equal line-ups have no rotation between.
 */
export function rotationStateOf(paths: readonly string[]): string {
  const current = paths.at(-1);
  if (current === undefined || current === "-") return "";
  return [...paths, ...backupsOrNone(resolve(current))]
    .map((path) => `${path} ${statFile(path)?.node ?? ""}`)
    .join("\n");
}

function backupsOrNone(path: string): readonly string[] {
  try {
    return backupsBeside(path);
  } catch {
    return [];
  }
}
