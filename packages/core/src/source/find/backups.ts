import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { throwIfOutOfDescriptors } from "../file-error.ts";
import { backupsOf, parseBackupName } from "./siblings.ts";

/**
 * The paths of the backups beside a file, oldest first; none for a file that is a backup itself, or
 * if its directory cannot be listed. Throws only if no more files can be opened.
 */
export function backupsBeside(path: string): readonly string[] {
  if (parseBackupName(basename(path)) !== undefined) return [];
  const directory = dirname(path);
  return backupsOf(basename(path), namesIn(directory)).map((name) => join(directory, name));
}

/** Paths, and those of the backups beside them; each directory is listed once. */
export function withBackups(paths: readonly string[]): readonly string[] {
  const current = new Map<string, Set<string>>();
  for (const path of paths) {
    const names = current.get(dirname(path)) ?? new Set();
    if (parseBackupName(basename(path)) === undefined) names.add(basename(path));
    current.set(dirname(path), names);
  }
  const backups = [...current].flatMap(([directory, names]) =>
    namesIn(directory)
      .filter((name) => parseBackupName(name)?.bases.some((base) => names.has(base)))
      .map((name) => join(directory, name)),
  );
  return [...new Set([...paths, ...backups])];
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (cause) {
    throwIfOutOfDescriptors(directory, cause);
    return [];
  }
}
