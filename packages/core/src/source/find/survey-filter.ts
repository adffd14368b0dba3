import { basename, dirname, join } from "node:path";
import type { Look } from "../look.ts";
import { telemetryAmong } from "./directory.ts";
import { groupSiblings, parseBackupName } from "./siblings.ts";
import { surveyed } from "./survey-stat.ts";
import type { SurveyedFile, SurveyedGroup } from "./survey-types.ts";

/** Keeps of many files those that hold telemetry, and looks into each of them once. */
export class TelemetryFilter {
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

  /**
   * A number or a date behind a name may mean anything; the content decides, or that it was the
   * `current` file before: a piece of a line does not look like telemetry.
   */
  async backups(
    files: readonly SurveyedFile[],
    current: Look | undefined,
  ): Promise<readonly SurveyedFile[]> {
    const kept: SurveyedFile[] = [];
    if (current !== undefined) {
      this.known.set(current.node, { signature: current.signature, holds: true });
    }
    for (const file of files) {
      const named = parseBackupName(basename(file.path))?.by === "collector";
      if (named || (await this.holdTelemetry([file]))) kept.push(file);
    }
    this.forgetOthers(files, current);
    return kept;
  }

  private forgetOthers(files: readonly SurveyedFile[], current?: Look): void {
    const there = new Set([...files.map(({ look }) => look.node), current?.node]);
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
