import { resolve } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import { fileError, isOutOfDescriptors } from "../file-error.ts";
import { FileTarget } from "./file-target.ts";
import { FolderTarget, PatternTarget } from "./folder-target.ts";
import type { Findings, Found, FoundGroup, Place, Target, Trouble } from "./found.ts";
import { statPath } from "./stat-path.ts";

/**
 * Looks again and again for the files behind paths: what appears, vanishes, is renamed or turns
 * into something else. Never throws: while no more files can be opened, what was seen before
 * stands. Names are looked up synchronously, since the few that there
 * are cost less so than a turn of the thread pool, which a database at work may keep busy.
 */
export class FileFinder {
  private readonly targets: readonly Target[];
  /** What was found for each in the last pass. */
  private readonly seen: Map<Target, readonly FoundGroup[]> = new Map();

  constructor(paths: readonly string[]) {
    this.targets = [...new Set(paths.map((path) => pathOf(path)))].map(targetFor);
  }

  /**
   * What is there now. A file that is reached twice is listed once. `changed`: there is reason to
   * think that files came or went, so that large directories are listed, too.
   */
  async find(changed = true): Promise<Findings> {
    const groups = new Map<string, FoundGroup>();
    const seen = new Set<string>();
    const troubles: Trouble[] = [];
    let outOfDescriptors = false;
    for (const target of this.targets) {
      const found = await this.lookFor(target, changed);
      if (found.outOfDescriptors === true) outOfDescriptors = true;
      if (found.trouble !== undefined) troubles.push(found.trouble);
      for (const { path, files } of found.groups) {
        const fresh = files.filter(({ stat }) => !seen.has(stat.node));
        for (const { stat } of fresh) seen.add(stat.node);
        if (!groups.has(path)) groups.set(path, { path, files: fresh });
      }
    }
    return { groups: [...groups.values()], troubles, outOfDescriptors };
  }

  private async lookFor(target: Target, changed: boolean): Promise<Found> {
    try {
      const found = await target.find(changed);
      this.seen.set(target, found.groups);
      return found;
    } catch (error) {
      if (!isOutOfDescriptors(error)) throw error;
      const { path } = target;
      const reason = fileError(path, error instanceof Error ? error.cause : error).message;
      return {
        groups: this.seen.get(target) ?? [],
        trouble: { path, kind: "unreadable", reason },
        outOfDescriptors: true,
      };
    }
  }

  /** Where something may change. */
  places(): readonly Place[] {
    return this.targets.flatMap(({ places }) => places);
  }
}

function pathOf(path: string): string {
  return isDynamicPattern(path) && !isThere(path) ? path : resolve(path);
}

function isThere(path: string): boolean {
  return firstLook(path) !== "missing";
}

function targetFor(path: string): Target {
  if (isDynamicPattern(path) && !isThere(path)) return new PatternTarget(path);
  return firstLook(path) === "directory" ? new FolderTarget(path) : new FileTarget(path);
}

/** What stands at a path; "missing" also while no more files can be opened. */
function firstLook(path: string): ReturnType<typeof statPath> {
  try {
    return statPath(path);
  } catch {
    return "missing";
  }
}
