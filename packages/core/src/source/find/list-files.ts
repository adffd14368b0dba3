import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KnownError } from "../../errors.ts";
import { fileError, throwIfOutOfDescriptors } from "../file-error.ts";
import { describeKind } from "../read/file-bytes.ts";
import type { Skipped } from "./found.ts";
import { statPath } from "./stat-path.ts";

/** Directories of programs, where no telemetry is and a great many files are. */
export const SKIPPED_FOLDERS: readonly string[] = [".git", "node_modules"];

/** The files below directories, by name, and what is there and cannot be read. */
export interface Listed {
  readonly files: readonly string[];
  readonly skipped: readonly Skipped[];
  /** Why there is nothing at all, if that is more than that no file holds telemetry. */
  readonly nothing?: KnownError;
}

/**
 * All regular files below directories, each directory once, through symbolic links. KnownError if a
 * directory that stands alone may not be read, or no more files can be opened.
 */
export async function listFiles(directories: readonly string[]): Promise<Listed> {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  const visited = new Set<string>();
  const pending = directories.toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    try {
      const real = await realpath(next);
      if (visited.has(real)) continue;
      visited.add(real);
      const listed = await readDirectory(next);
      files.push(...listed.files);
      skipped.push(...listed.skipped);
      pending.push(...listed.directories.toReversed());
    } catch (cause) {
      throwIfOutOfDescriptors(next, cause);
      const error = fileError(next, cause);
      if (directories.length === 1 && next === directories[0]) throw error;
      skipped.push({ path: next, reason: error.message });
    }
  }
  return { files: files.toSorted(), skipped };
}

/** The regular files among paths, and all below those that are directories. */
export async function listMatches(paths: readonly string[]): Promise<Listed> {
  const kinds = new Map(paths.map((path) => [path, statPath(path).kind]));
  const below = await listFiles(paths.filter((path) => kinds.get(path) === "directory"));
  const files = [...paths.filter((path) => kinds.get(path) === "file"), ...below.files];
  return { files: [...new Set(files)], skipped: below.skipped };
}

async function readDirectory(directory: string) {
  const files: string[] = [];
  const directories: string[] = [];
  const skipped: Skipped[] = [];
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    const kind = await kindOf(path, entry);
    if (kind === "file") files.push(path);
    else if (kind !== "directory") skipped.push({ path, reason: kind });
    else if (!SKIPPED_FOLDERS.includes(entry.name)) directories.push(path);
  }
  return { files, directories, skipped };
}

/** "file", "directory", or in words why the entry is neither. */
async function kindOf(path: string, entry: Dirent): Promise<string> {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  try {
    const stats = await stat(path);
    if (stats.isFile()) return "file";
    return stats.isDirectory() ? "directory" : `It is ${describeKind(stats)}.`;
  } catch (cause) {
    throwIfOutOfDescriptors(path, cause);
    return fileError(path, cause).message;
  }
}
