import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { statFile } from "../file-stat.ts";
import { backupsOf } from "./siblings.ts";

/**
 * Identifies a state of a rotation: which backups stand beside these files, oldest first
 * and the current file last, and which files they are. Two equal line-ups have no rotation between.
 */
export function rotationStateOf(paths: readonly string[]): string {
  const current = paths.at(-1);
  if (current === undefined || current === "-") return "";
  const directory = dirname(resolve(current));
  const backups = backupsOf(basename(current), namesIn(directory)).map((name) =>
    join(directory, name),
  );
  return [...paths, ...backups].map((path) => `${path} ${statFile(path)?.node ?? ""}`).join("\n");
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
