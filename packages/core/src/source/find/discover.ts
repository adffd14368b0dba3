import type { Stats } from "node:fs";
import { open, readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { KnownError } from "../../errors.ts";
import { fileError, systemCode } from "../file-error.ts";
import { refuseUnsuitable } from "../read/file-bytes.ts";
import { listFiles, type Skipped, telemetryAmong } from "./list-files.ts";
import { backupsOf, groupSiblings, parseBackupName } from "./siblings.ts";

/** One file and its rotated siblings. */
interface SourceGroup {
  /** Paths, oldest first, the current file last; "-" (standard input) stands alone. */
  readonly files: readonly string[];
}

/** What stands behind the paths that a user typed. */
export interface Discovery {
  readonly groups: readonly SourceGroup[];
  /** What was found but is not read, with the reason in words. */
  readonly skipped: readonly Skipped[];
  /** Paths that were named and cannot be read. */
  readonly failures: readonly PathFailure[];
}

/** A path that was named and cannot be read. */
export interface PathFailure {
  readonly path: string;
  readonly error: KnownError;
}

/** What stands behind one path. */
interface Behind {
  readonly files: readonly string[];
  readonly skipped: readonly Skipped[];
}

/**
 * Finds the files behind paths: files with their rotated siblings, directories with everything
 * below them, patterns, and "-" for standard input. A named file is taken as it is; of what
 * directories and patterns give, only what holds telemetry. A file reached twice is read once.
 * A path that is missing, may not be read, is neither file nor directory, or has no telemetry
 * behind it is a failure, and stops none of the others.
 */
export async function discover(paths: readonly string[]): Promise<Discovery> {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  const failures: PathFailure[] = [];
  for (const path of paths) {
    try {
      const behind = path === "-" ? { files: [path], skipped: [] } : await filesBehind(path);
      files.push(...behind.files);
      skipped.push(...behind.skipped);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      failures.push({ path, error });
    }
  }
  const groups = groupSiblings(await withoutRepetition(files));
  return { groups: groups.map((group) => ({ files: group })), skipped, failures };
}

async function filesBehind(path: string): Promise<Behind> {
  const stats = await statOf(path);
  if (stats === undefined) return filesBehindMissing(path);
  if (stats.isDirectory()) {
    const listed = await listFiles(path);
    return onlyTelemetry(path, listed.files, listed.skipped);
  }
  refuseUnsuitable(path, stats);
  await refuseUnreadable(path);
  return withBackups(path);
}

/** A pattern, or a file in the moment between its rotation and its successor. */
async function filesBehindMissing(path: string): Promise<Behind> {
  const backups = await backupsBeside(path);
  if (backups.files.length > 0) return backups;
  if (!isDynamicPattern(path)) {
    throw fileError(path, Object.assign(new Error("no such file"), { code: "ENOENT" }));
  }
  const pattern = process.platform === "win32" ? path.replaceAll("\\", "/") : path;
  const matches = await glob(pattern, { dot: true, expandDirectories: false, onlyFiles: false });
  if (matches.length === 0) {
    throw new KnownError("path-missing", `No file or directory matches "${path}".`, {
      hint: "Try the pattern with ls, or name a directory.",
    });
  }
  return filesOfMatches(path, matches.toSorted());
}

async function filesOfMatches(pattern: string, matches: readonly string[]): Promise<Behind> {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const match of matches) {
    const stats = await statOf(match);
    if (stats?.isDirectory()) {
      const listed = await listFiles(match);
      files.push(...listed.files);
      skipped.push(...listed.skipped);
    } else if (stats?.isFile()) {
      files.push(match);
    }
  }
  return onlyTelemetry(pattern, files, skipped);
}

async function onlyTelemetry(
  path: string,
  files: readonly string[],
  skipped: readonly Skipped[],
): Promise<Behind> {
  const among = await telemetryAmong(await withoutRepetition(files));
  const refused = [...skipped, ...among.skipped];
  if (among.files.length === 0) throw noTelemetry(path, refused);
  const behind = await Promise.all(among.files.map(withBackups));
  return {
    files: behind.flatMap((one) => one.files),
    skipped: [...refused, ...behind.flatMap((one) => one.skipped)],
  };
}

function noTelemetry(path: string, skipped: readonly Skipped[]): KnownError {
  const [first] = skipped;
  const looked =
    first === undefined
      ? ""
      : ` (${skipped.length} files looked at; "${first.path}": ${first.reason})`;
  return new KnownError("no-telemetry", `No telemetry was found in "${path}"${looked}.`, {
    hint: "Name the file or directory that the Collector's file exporter writes to.",
  });
}

/** A file after its backups; a file that is a backup itself stands for itself alone. */
async function withBackups(path: string): Promise<Behind> {
  if (parseBackupName(basename(path)) !== undefined) return { files: [path], skipped: [] };
  const backups = await backupsBeside(path);
  return { files: [...backups.files, path], skipped: backups.skipped };
}

async function backupsBeside(path: string): Promise<Behind> {
  const directory = dirname(path);
  const names = await readdir(directory).catch(() => []);
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const name of backupsOf(basename(path), names)) {
    const backup = join(directory, name);
    try {
      const stats = await stat(backup);
      refuseUnsuitable(backup, stats);
      await refuseUnreadable(backup);
      if (!(await isBackup(backup))) continue;
      files.push(backup);
    } catch (error) {
      skipped.push({ path: backup, reason: reasonOf(backup, error) });
    }
  }
  return { files, skipped };
}

/** A number or a date behind a name may mean anything; the content decides. */
async function isBackup(path: string): Promise<boolean> {
  if (parseBackupName(basename(path))?.by !== "logrotate") return true;
  return (await telemetryAmong([path])).files.length > 0;
}

function reasonOf(path: string, error: unknown): string {
  return (error instanceof KnownError ? error : fileError(path, error)).message;
}

/** Links, repeated names and overlapping patterns lead to one file: its first path is kept. */
async function withoutRepetition(paths: readonly string[]): Promise<string[]> {
  const seen = new Set<string>();
  const kept: string[] = [];
  for (const path of paths) {
    const marks = path === "-" ? ["-"] : await marksOf(path);
    if (!marks.some((mark) => seen.has(mark))) kept.push(path);
    for (const mark of marks) seen.add(mark);
  }
  return kept;
}

/** What a file is recognised by: its real path, and its inode where that can be trusted. */
async function marksOf(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  if (process.platform === "win32") return [real];
  const { dev, ino } = await stat(path).catch(() => ({ dev: 0, ino: 0 }));
  return ino === 0 ? [real] : [real, `${dev}:${ino}`];
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if (systemCode(cause) === "ENOENT") return undefined;
    throw fileError(path, cause);
  }
}

/** Opening is the one true test: permission bits cover neither other users nor Windows. */
async function refuseUnreadable(path: string): Promise<void> {
  try {
    const file = await open(path);
    await file.close();
  } catch (cause) {
    throw fileError(path, cause);
  }
}
