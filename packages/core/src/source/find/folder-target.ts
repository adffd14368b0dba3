import fs from "node:fs";
import { dirname, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { fileError, isOutOfDescriptors, throwIfOutOfDescriptors } from "../file-error.ts";
import type { Found, Place, Target } from "./found.ts";
import { listFiles } from "./list-files.ts";
import { statPath } from "./stat-path.ts";
import { TelemetryFilter } from "./telemetry-filter.ts";

/** A large directory is listed so rarely that it takes a fiftieth of the time at most. */
const LISTING_SHARE = 50;

/** A directory with everything below it. */
export class FolderTarget implements Target {
  readonly path: string;
  readonly places: readonly Place[];
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private readonly listing: Seldom<Found> = new Seldom();

  constructor(path: string) {
    this.path = path;
    this.places = [{ directory: path, deep: true, cares: () => true }];
  }

  find(changed: boolean): Promise<Found> {
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
      throwIfOutOfDescriptors(path, error);
      const reason = fileError(path, error).message;
      const kind = statPath(path) === "missing" ? "missing" : "unreadable";
      return { groups: [], trouble: { path, kind, reason } };
    }
  }
}

/** A pattern; what matches it may come and go. */
export class PatternTarget implements Target {
  readonly path: string;
  readonly places: readonly Place[];
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private readonly listing: Seldom<Found> = new Seldom();

  constructor(pattern: string) {
    this.path = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
    const fixed = resolve(this.path.split("/").slice(0, -1).join("/") || ".");
    const deep = isDynamicPattern(fixed);
    this.places = [{ directory: deep ? fixedPart(fixed) : fixed, deep, cares: () => true }];
  }

  find(changed: boolean): Promise<Found> {
    return this.listing.get(changed, () => this.list());
  }

  private async list(): Promise<Found> {
    const matches = await filesMatching(this.path);
    const groups = await this.telemetry.groups(matches.map((match) => resolve(match)).toSorted());
    if (groups.length > 0) return { groups };
    const reason = "Nothing that matches holds telemetry yet.";
    return { groups, trouble: { path: this.path, kind: "waiting", reason } };
  }
}

/**
 * The files that match a pattern. Directories that cannot be listed are passed over, but for want
 * of descriptors: that is thrown.
 */
async function filesMatching(pattern: string): Promise<readonly string[]> {
  let shortage: unknown;
  const readdir = (path: string, options: { withFileTypes: true }, done: Listed): void =>
    fs.readdir(path, options, (error, entries) => {
      if (isOutOfDescriptors(error)) shortage = error;
      done(error, entries);
    });
  const matches = await glob(pattern, {
    dot: true,
    expandDirectories: false,
    onlyFiles: true,
    absolute: true,
    fs: { readdir: readdir as typeof fs.readdir },
  }).catch(() => []);
  throwIfOutOfDescriptors(pattern, shortage);
  return matches;
}

type Listed = (error: NodeJS.ErrnoException | null, entries: fs.Dirent[]) => void;

/** The directories before the first that is a pattern. */
function fixedPart(pattern: string): string {
  let fixed = pattern;
  while (isDynamicPattern(fixed)) fixed = dirname(fixed);
  return fixed;
}

/** Something that takes long when there is much of it, and is done less often for that. */
class Seldom<T> {
  private value: T | undefined;
  private due = 0;

  /** The last result, or a new one if that is due or `now` says so. */
  async get(now: boolean, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    if (this.value !== undefined && !now && began < this.due) return this.value;
    // Should the work fail, it is due at once.
    this.due = 0;
    this.value = await work();
    const ended = performance.now();
    this.due = ended + (ended - began) * LISTING_SHARE;
    return this.value;
  }
}
