import { resolve } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import { KnownError } from "../../errors.ts";
import { fileError, isOutOfDescriptors } from "../file-error.ts";
import { backupsBeside } from "./backups.ts";
import { FileTarget } from "./file-target.ts";
import type { Findings, Found, FoundFile, FoundGroup, Place, Target } from "./found.ts";
import { folderTarget, patternTarget } from "./listed-target.ts";
import { groupSiblings } from "./siblings.ts";
import { type AtPath, realPath, statPath } from "./stat-path.ts";

/**
 * Finds the files behind paths: files with their rotated siblings, directories with everything
 * below them, patterns. A named file is taken as it is; of what directories and patterns give, only
 * what holds telemetry. One pass is enough to import; a follower makes passes again and again, which
 * show what appears, vanishes, is renamed or turns into something else. Never throws: while no more
 * files can be opened, what was found before stands. Names are looked up synchronously: they are few,
 * and cost less so than a turn of the thread pool, which a database at work may keep busy.
 */
export class FileFinder {
  private readonly targets: readonly Target[];
  /** What was found for each in the last pass. */
  private readonly last: Map<Target, readonly FoundFile[]> = new Map();

  /** `spelling`: whether the files' paths are absolute, or begin as the paths that were named. */
  constructor(paths: readonly string[], spelling: "absolute" | "as named" = "absolute") {
    const spell =
      spelling === "absolute" ? (path: string) => resolve(path) : (path: string) => path;
    const targets = paths.map((path) => targetFor(path, spell));
    this.targets = [...new Map(targets.map((target) => [target.path, target])).values()];
  }

  /**
   * What is there now. A file that is reached twice is listed once, under its first path. `changed`:
   * there is reason to think that files came or went, so that large directories are listed, too.
   */
  async find(changed = true): Promise<Findings> {
    const files = new Map<string, FoundFile>();
    const found: FoundIn[] = [];
    for (const target of this.targets) {
      const behind = await this.findBehind(target, changed);
      found.push(behind);
      for (const file of behind.files) {
        const identity = identityOf(file);
        if (!files.has(identity)) files.set(identity, file);
      }
    }
    return {
      groups: this.grouped([...files.values()]),
      troubles: found.flatMap(({ trouble }) => trouble ?? []),
      skipped: found.flatMap(({ skipped }) => skipped),
      outOfDescriptors: found.some(({ outOfDescriptors }) => outOfDescriptors),
    };
  }

  /** Where something may change. */
  places(): readonly Place[] {
    return this.targets.flatMap(({ places }) => places);
  }

  private async findBehind(target: Target, changed: boolean): Promise<FoundIn> {
    try {
      const found = await target.find(changed);
      this.last.set(target, found.files);
      return { ...found, outOfDescriptors: false };
    } catch (cause) {
      if (!isOutOfDescriptors(cause)) throw cause;
      const { path } = target;
      const error = fileError(path, cause instanceof KnownError ? cause.cause : cause);
      return {
        files: this.last.get(target) ?? [],
        skipped: [],
        trouble: { path, kind: "unreadable", reason: error.message, error },
        outOfDescriptors: true,
      };
    }
  }

  private grouped(files: readonly FoundFile[]): readonly FoundGroup[] {
    const named = this.targets.filter((target) => target instanceof FileTarget);
    const paths = named.map(({ path }) => path);
    const byPath = new Map(files.map((file) => [file.path, file]));
    return [...groupSiblings([...byPath.keys()], paths)].map(([path, members]) => {
      const last = members.at(-1) ?? path;
      // A file that was named is written to, even if its name is one of a backup.
      const current = paths.includes(last) || resolve(last) === path ? last : path;
      return { path: current, files: members.flatMap((member) => byPath.get(member) ?? []) };
    });
  }
}

/** What was found behind one path. */
interface FoundIn extends Found {
  /** Whether no more files could be opened: `files` is what was found before. */
  readonly outOfDescriptors: boolean;
}

function targetFor(named: string, spell: (path: string) => string): Target {
  if (isPattern(named)) return patternTarget(named, spell);
  const path = spell(named);
  return firstAt(path) === "directory" ? folderTarget(path) : new FileTarget(path);
}

/** Whether a path is a pattern rather than a file, or the backups of one, whose name looks like it. */
function isPattern(path: string): boolean {
  if (!isDynamicPattern(path) || firstAt(path) !== "missing") return false;
  try {
    return backupsBeside(path).length === 0;
  } catch {
    return true;
  }
}

/** What is at a path; "missing" also while no more files can be opened. */
function firstAt(path: string): AtPath["kind"] {
  try {
    return statPath(path).kind;
  } catch {
    return "missing";
  }
}

/** What a file is recognised by under another name; without inodes its real path. */
function identityOf({ path, stat }: FoundFile): string {
  return stat.hasInode ? stat.node : realPath(path);
}
