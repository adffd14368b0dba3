import { type BigIntStats, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { listFiles, telemetryAmong } from "./directory.ts";
import { describeKind } from "./file-bytes.ts";
import { fileError, systemCode } from "./file-error.ts";
import { type Look, lookAt, lookOf } from "./look.ts";
import { backupsOf, groupSiblings, parseBackupName } from "./siblings.ts";

/** Who rotates faster than a directory is listed so many times is followed all the same. */
const MOST_RETRIES = 3;
/** The clock of a file system is coarse: two changes of a directory within this look like one, milliseconds. */
const UNSETTLED_MS = 2000;
/** Backups that are looked at whenever their file is. */
const LAST_BACKUPS = 16;
/** A large directory is listed so seldom that it takes a fiftieth of the time at most. */
const LISTING_SHARE = 50;

/** A file that is there at this moment. */
export interface SurveyedFile {
  readonly path: string;
  readonly look: Look;
}

/** The files of one rotation that are there, oldest first. */
export interface SurveyedGroup {
  /** The path that is written to; there may be no file at the moment. */
  readonly path: string;
  readonly files: readonly SurveyedFile[];
}

/** Why a path that was named leads to no file now. */
export interface Trouble {
  readonly path: string;
  readonly kind: "waiting" | "missing" | "unreadable" | "unsuitable";
  readonly reason: string;
}

export interface SurveyResult {
  readonly groups: readonly SurveyedGroup[];
  readonly troubles: readonly Trouble[];
}

/**
 * Looks again and again for the files behind paths: what appears, vanishes, is renamed or turns
 * into something else. Never throws. Names are looked up synchronously, since the few that there
 * are cost less so than a turn of the thread pool, which a database at work may keep busy.
 */
export class Survey {
  private readonly targets: readonly Target[];

  constructor(paths: readonly string[]) {
    this.targets = [...new Set(paths.map((path) => pathOf(path)))].map(targetFor);
  }

  /**
   * What is there now. A file that is reached twice is told once. `changed`: there is reason to
   * think that files came or went, so that large directories are listed, too.
   */
  async look(changed = true): Promise<SurveyResult> {
    const groups = new Map<string, SurveyedGroup>();
    const seen = new Set<string>();
    const troubles: Trouble[] = [];
    for (const target of this.targets) {
      const found = await target.look(changed);
      if (found.trouble !== undefined) troubles.push(found.trouble);
      for (const { path, files } of found.groups) {
        const fresh = files.filter(({ look }) => !seen.has(look.node));
        for (const { look } of fresh) seen.add(look.node);
        if (!groups.has(path)) groups.set(path, { path, files: fresh });
      }
    }
    return { groups: [...groups.values()], troubles };
  }

  /** Where something may change. */
  places(): readonly Place[] {
    return this.targets.map(({ place }) => place);
  }
}

/** A directory in which something may change that matters. */
export interface Place {
  readonly directory: string;
  /** With everything below it. */
  readonly deep: boolean;
  /** Whether a file of this name matters. */
  cares(name: string): boolean;
}

interface Found {
  readonly groups: readonly SurveyedGroup[];
  readonly trouble?: Trouble;
}

interface Target {
  readonly place: Place;
  look(changed: boolean): Promise<Found>;
}

function pathOf(path: string): string {
  return isDynamicPattern(path) && !isThere(path) ? path : resolve(path);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function targetFor(path: string): Target {
  if (isDynamicPattern(path) && !isThere(path)) return new PatternTarget(path);
  return statOf(path) === "directory" ? new FolderTarget(path) : new FileTarget(path);
}

/** The files of a directory as they were listed, and since when it has looked the same. */
interface Listing {
  readonly signature: string;
  readonly since: number;
  readonly files: readonly SurveyedFile[];
}

/** A file that was named, whether it is there yet or not. */
class FileTarget implements Target {
  readonly place: Place;
  private readonly path: string;
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private wasFile = false;
  private retries = MOST_RETRIES;
  private folder: FolderTarget | undefined;
  private listed: Listing = { signature: "", since: 0, files: [] };

  constructor(path: string) {
    this.path = path;
    const name = basename(path);
    const cares = (other: string) =>
      other === name || parseBackupName(other)?.bases.includes(name) === true;
    this.place = { directory: dirname(path), deep: false, cares };
  }

  async look(changed: boolean): Promise<Found> {
    const { path } = this;
    const before = lookAt(path)?.node;
    const backups = await this.telemetry.backups(this.backups());
    const stats = statOf(path);
    // A rotation meanwhile would hide the file that it made a backup.
    if (lookAt(path)?.node !== before && this.retries-- > 0) {
      return this.look(changed);
    }
    this.retries = MOST_RETRIES;
    if (typeof stats === "object" && !("reason" in stats)) {
      this.wasFile = true;
      return groupOf(path, [...backups, { path, look: lookOf(stats) }]);
    }
    if (stats === "directory" && !this.wasFile) {
      this.folder ??= new FolderTarget(path);
      return this.folder.look(changed);
    }
    return { ...groupOf(path, backups), trouble: this.trouble(stats) };
  }

  /** The backups beside it: listed anew only where the directory has changed. */
  private backups(): readonly SurveyedFile[] {
    const signature = lookAt(dirname(this.path))?.signature ?? "";
    const now = performance.now();
    if (signature === "" || signature !== this.listed.signature) {
      this.listed = { signature, since: now, files: backupsBeside(this.path) };
    } else if (now - this.listed.since < UNSETTLED_MS) {
      this.listed = { ...this.listed, files: backupsBeside(this.path) };
    }
    // Who was not told of a rotation may go on writing to one of the last backups.
    const { files } = this.listed;
    const last = surveyed(files.slice(-LAST_BACKUPS).map((file) => file.path));
    return [...files.slice(0, -LAST_BACKUPS), ...last];
  }

  private trouble(stats: Unsuited): Trouble {
    const { path, wasFile } = this;
    if (stats === "missing") {
      return wasFile
        ? { path, kind: "missing", reason: "The file is gone; it is taken up when it is back." }
        : { path, kind: "waiting", reason: "There is no such file yet." };
    }
    if (stats === "directory") {
      return { path, kind: "unsuitable", reason: "It has become a directory." };
    }
    return { path, ...stats };
  }
}

/** A directory with everything below it. */
class FolderTarget implements Target {
  readonly place: Place;
  private readonly path: string;
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private readonly listing: Seldom<Found> = new Seldom();

  constructor(path: string) {
    this.path = path;
    this.place = { directory: path, deep: true, cares: () => true };
  }

  look(changed: boolean): Promise<Found> {
    return this.listing.get(changed, () => this.list());
  }

  private async list(): Promise<Found> {
    const { path } = this;
    try {
      const { files } = await listFiles(path);
      const groups = await this.telemetry.groups(files);
      if (groups.length > 0) return { groups };
      return { groups, trouble: { path, kind: "waiting", reason: "There is no telemetry in it." } };
    } catch (error) {
      const reason = fileError(path, error).message;
      const kind = statOf(path) === "missing" ? "missing" : "unreadable";
      return { groups: [], trouble: { path, kind, reason } };
    }
  }
}

/** A pattern; what matches it may come and go. */
class PatternTarget implements Target {
  readonly place: Place;
  private readonly pattern: string;
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private readonly listing: Seldom<Found> = new Seldom();

  constructor(pattern: string) {
    this.pattern = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
    const fixed = resolve(this.pattern.split("/").slice(0, -1).join("/") || ".");
    const deep = isDynamicPattern(fixed);
    this.place = { directory: deep ? fixedPart(fixed) : fixed, deep, cares: () => true };
  }

  look(changed: boolean): Promise<Found> {
    return this.listing.get(changed, () => this.list());
  }

  private async list(): Promise<Found> {
    const options = { dot: true, expandDirectories: false, onlyFiles: true, absolute: true };
    const matches = await glob(this.pattern, options).catch(() => []);
    const groups = await this.telemetry.groups(matches.map((match) => resolve(match)).toSorted());
    if (groups.length > 0) return { groups };
    const reason = "Nothing that matches holds telemetry yet.";
    return { groups, trouble: { path: this.pattern, kind: "waiting", reason } };
  }
}

/** The directories before the first that is a pattern. */
function fixedPart(pattern: string): string {
  let fixed = pattern;
  while (isDynamicPattern(fixed)) fixed = dirname(fixed);
  return fixed;
}

/** Something that takes long when there is much of it, and is done the more seldom for that. */
class Seldom<T> {
  private value: T | undefined;
  private due = 0;

  /** What was got last, or anew where that is due or `now` says so. */
  async get(now: boolean, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    if (this.value !== undefined && !now && began < this.due) return this.value;
    this.value = await work();
    const ended = performance.now();
    this.due = ended + (ended - began) * LISTING_SHARE;
    return this.value;
  }
}

/** Keeps of many files those that hold telemetry, and looks into each of them once. */
class TelemetryFilter {
  private readonly known: Map<string, { readonly signature: string; readonly holds: boolean }> =
    new Map();

  async groups(paths: readonly string[]): Promise<readonly SurveyedGroup[]> {
    const groups: SurveyedGroup[] = [];
    for (const members of groupSiblings(paths)) {
      const files = surveyed(members);
      if (!(await this.holdTelemetry(files))) continue;
      const last = members.at(-1) ?? "";
      const base = parseBackupName(basename(last))?.bases[0];
      groups.push({ path: base === undefined ? last : join(dirname(last), base), files });
    }
    this.forgetOthers(surveyed(paths));
    return groups;
  }

  /** A number or a date behind a name may mean anything; what the file holds tells. */
  async backups(files: readonly SurveyedFile[]): Promise<readonly SurveyedFile[]> {
    const kept: SurveyedFile[] = [];
    for (const file of files) {
      const named = parseBackupName(basename(file.path))?.by === "collector";
      if (named || (await this.holdTelemetry([file]))) kept.push(file);
    }
    this.forgetOthers(files);
    return kept;
  }

  private forgetOthers(files: readonly SurveyedFile[]): void {
    const there = new Set(files.map(({ look }) => look.node));
    for (const node of this.known.keys()) if (!there.has(node)) this.known.delete(node);
  }

  private async holdTelemetry(files: readonly SurveyedFile[]): Promise<boolean> {
    for (const { path, look } of files) {
      const known = this.known.get(look.node);
      if (known?.holds === true) return true;
      if (known?.signature === look.signature) continue;
      const holds = (await telemetryAmong([path])).files.length > 0;
      this.known.set(look.node, { signature: look.signature, holds });
      if (holds) return true;
    }
    return false;
  }
}

type Unsuited =
  | "missing"
  | "directory"
  | { readonly kind: "unreadable" | "unsuitable"; readonly reason: string };

function statOf(path: string): BigIntStats | Unsuited {
  try {
    const stats = statSync(path, { bigint: true });
    if (stats.isFile()) return stats;
    if (stats.isDirectory()) return "directory";
    return { kind: "unsuitable", reason: `It is ${describeKind(stats)}, not a file.` };
  } catch (cause) {
    const code = systemCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    return { kind: "unreadable", reason: fileError(path, cause).message };
  }
}

function groupOf(path: string, files: readonly SurveyedFile[]): Found {
  return { groups: [{ path, files }] };
}

function backupsBeside(path: string): readonly SurveyedFile[] {
  const directory = dirname(path);
  try {
    const names = backupsOf(basename(path), readdirSync(directory));
    return surveyed(names.map((name) => join(directory, name)));
  } catch {
    return [];
  }
}

/** Those of the paths at which there is a file now. */
function surveyed(paths: readonly string[]): readonly SurveyedFile[] {
  return paths.flatMap((path) => {
    const stats = statOf(path);
    if (typeof stats !== "object" || "reason" in stats) return [];
    return [{ path, look: lookOf(stats) }];
  });
}
