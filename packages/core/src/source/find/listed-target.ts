import fs from "node:fs";
import { dirname, resolve } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { KnownError } from "../../errors.ts";
import { isOutOfDescriptors, throwIfOutOfDescriptors } from "../file-error.ts";
import { withBackups } from "./backups.ts";
import type { Found, Place, Skipped, Target } from "./found.ts";
import { type Listed, listFiles, listMatches } from "./list-files.ts";
import { TelemetryFilter } from "./telemetry-filter.ts";

/** A large directory is listed so rarely that it takes a fiftieth of the time at most. */
const LISTING_SHARE = 50;

/** A directory with everything below it. */
export function folderTarget(path: string): Target {
  return new ListedTarget({
    path,
    places: [{ directory: path, deep: true, cares: () => true }],
    waiting: "There is no telemetry in it.",
    list: () => listFiles([path]),
  });
}

/**
 * A pattern; what matches it may come and go: files with their backups, directories with everything
 * below them. `spell` gives the path by which a match is known.
 */
export function patternTarget(pattern: string, spell: (path: string) => string): Target {
  const path = process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern;
  const fixed = resolve(path.split("/").slice(0, -1).join("/") || ".");
  const deep = isDynamicPattern(fixed);
  return new ListedTarget({
    path: pattern,
    places: [{ directory: deep ? fixedPart(fixed) : fixed, deep, cares: () => true }],
    waiting: "Nothing that matches holds telemetry yet.",
    list: async () => {
      const matches = (await pathsMatching(path)).map(spell).toSorted();
      if (matches.length > 0) return listMatches(matches);
      return { files: [], skipped: [], nothing: noMatch(pattern) };
    },
  });
}

/** Files that are found by listing. */
interface Listing {
  readonly path: string;
  readonly places: readonly Place[];
  /** Why nothing is found, in words for those who wait. */
  readonly waiting: string;
  /** KnownError if nothing can be listed. */
  readonly list: () => Promise<Listed>;
}

class ListedTarget implements Target {
  private readonly listing: Listing;
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private last: Found | undefined;
  private due = 0;

  constructor(listing: Listing) {
    this.listing = listing;
  }

  get path(): string {
    return this.listing.path;
  }

  get places(): readonly Place[] {
    return this.listing.places;
  }

  async find(changed: boolean): Promise<Found> {
    const began = performance.now();
    if (this.last !== undefined && !changed && began < this.due) return this.last;
    // If listing fails, it is due at once.
    this.due = 0;
    this.last = await this.found();
    const ended = performance.now();
    this.due = ended + (ended - began) * LISTING_SHARE;
    return this.last;
  }

  private async found(): Promise<Found> {
    const { path, waiting, list } = this.listing;
    try {
      const listed = await list();
      const { files, skipped } = await this.telemetry.among(withBackups(listed.files));
      const refused = [...listed.skipped, ...skipped];
      if (files.length > 0) return { files, skipped: refused };
      const error = listed.nothing ?? noTelemetry(path, refused);
      const trouble = { path, kind: "waiting", reason: waiting, error } as const;
      return { files, skipped: refused, trouble };
    } catch (error) {
      if (!(error instanceof KnownError) || isOutOfDescriptors(error)) throw error;
      const kind = error.code === "path-missing" ? "missing" : "unreadable";
      return { files: [], skipped: [], trouble: { path, kind, reason: error.message, error } };
    }
  }
}

function noMatch(pattern: string): KnownError {
  return new KnownError("path-missing", `No file or directory matches "${pattern}".`, {
    hint: "Try the pattern with ls, or name a directory.",
  });
}

/** The error for a place with files of which none holds telemetry. */
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

/**
 * What matches a pattern. Directories that cannot be listed are passed over, but for want of
 * descriptors: that is thrown.
 */
async function pathsMatching(pattern: string): Promise<readonly string[]> {
  let shortage: unknown;
  const readdir = (path: string, options: { withFileTypes: true }, done: Entries): void =>
    fs.readdir(path, options, (error, entries) => {
      if (isOutOfDescriptors(error)) shortage = error;
      done(error, entries);
    });
  const matches = await glob(pattern, {
    dot: true,
    expandDirectories: false,
    onlyFiles: false,
    fs: { readdir: readdir as typeof fs.readdir },
  }).catch(() => []);
  throwIfOutOfDescriptors(pattern, shortage);
  return matches;
}

type Entries = (error: NodeJS.ErrnoException | null, entries: fs.Dirent[]) => void;

/** The directories before the first that is a pattern. */
function fixedPart(pattern: string): string {
  let fixed = pattern;
  while (isDynamicPattern(fixed)) fixed = dirname(fixed);
  return fixed;
}
