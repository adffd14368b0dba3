import { statSync } from "node:fs";
import { resolve } from "node:path";
import { isDynamicPattern } from "tinyglobby";
import { FileTarget } from "./survey-file.ts";
import { FolderTarget, PatternTarget } from "./survey-folder.ts";
import { statOf } from "./survey-stat.ts";
import type { Place, SurveyedGroup, SurveyResult, Target, Trouble } from "./survey-types.ts";

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
    return this.targets.flatMap(({ places }) => places);
  }
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
