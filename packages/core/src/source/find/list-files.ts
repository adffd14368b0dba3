import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { KnownError } from "../../errors.ts";
import { fileError, isOutOfDescriptors, throwIfOutOfDescriptors } from "../file-error.ts";
import { describeKind } from "../read/file-bytes.ts";
import { openSource } from "../read/open.ts";
import { groupSiblings } from "./siblings.ts";

/** A path that was found and is not read. */
export interface Skipped {
  readonly path: string;
  readonly reason: string;
}

/** Directories of programs, where no telemetry is and a great many files are. */
export const SKIPPED_FOLDERS: readonly string[] = [".git", "node_modules"];

/**
 * All regular files below a directory, by name, through symbolic links; KnownError when the
 * directory itself may not be read, or no more files can be opened.
 */
export async function listFiles(
  directory: string,
): Promise<{ files: string[]; skipped: Skipped[] }> {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  const visited = new Set<string>();
  const pending = [directory];
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
      if (next === directory) throw error;
      skipped.push({ path: next, reason: error.message });
    }
  }
  return { files: files.toSorted(), skipped };
}

/**
 * The files that hold telemetry by their content, and those that can be read beside a sibling
 * that does: the rest of a line that a rotation cut does not look like telemetry. KnownError
 * when no more files can be opened.
 */
export async function telemetryAmong(
  paths: readonly string[],
): Promise<{ files: string[]; skipped: Skipped[] }> {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const group of groupSiblings(paths)) {
    const looks: Look[] = [];
    // One by one: a rotation may have more files than can be open at a time.
    for (const path of group) looks.push(await lookAt(path));
    const holds = looks.some((look) => look.verdict === "telemetry");
    for (const { path, verdict, reason } of looks) {
      if (verdict === "telemetry" || (holds && verdict === "readable")) files.push(path);
      else skipped.push({ path, reason });
    }
  }
  return { files, skipped };
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

interface Look {
  readonly path: string;
  readonly verdict: "telemetry" | "readable" | "unreadable";
  readonly reason: string;
}

async function lookAt(path: string): Promise<Look> {
  try {
    const source = await openSource(path);
    await source.close();
    if (source.holdsTelemetry) return { path, verdict: "telemetry", reason: "" };
    if (source.framing === "empty") return { path, verdict: "unreadable", reason: "It is empty." };
    const verdict = source.framing === "unknown" ? "unreadable" : "readable";
    return { path, verdict, reason: "It holds no telemetry." };
  } catch (error) {
    if (!(error instanceof KnownError) || isOutOfDescriptors(error)) throw error;
    return { path, verdict: "unreadable", reason: error.message };
  }
}
