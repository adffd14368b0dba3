import { basename, dirname, join } from "node:path";
import type { FileStat } from "../file-stat.ts";
import type { FoundFile, FoundGroup } from "./found.ts";
import { telemetryAmong } from "./list-files.ts";
import { groupSiblings, parseBackupName } from "./siblings.ts";
import { filesAt } from "./stat-path.ts";

/** Keeps of many files those that hold telemetry, and looks into each of them once. */
export class TelemetryFilter {
  private readonly known: Map<string, { readonly signature: string; readonly holds: boolean }> =
    new Map();

  async groups(paths: readonly string[]): Promise<readonly FoundGroup[]> {
    const groups: FoundGroup[] = [];
    for (const members of groupSiblings(paths)) {
      const files = filesAt(members);
      if (!(await this.holdTelemetry(files))) continue;
      const last = members.at(-1) ?? "";
      const base = parseBackupName(basename(last))?.bases[0];
      groups.push({ path: base === undefined ? last : join(dirname(last), base), files });
    }
    this.forgetOthers(filesAt(paths));
    return groups;
  }

  /**
   * A number or a date behind a name may mean anything; the content decides, or that it was the
   * `current` file before: a piece of a line does not look like telemetry.
   */
  async backups(
    files: readonly FoundFile[],
    current: FileStat | undefined,
  ): Promise<readonly FoundFile[]> {
    const kept: FoundFile[] = [];
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

  private forgetOthers(files: readonly FoundFile[], current?: FileStat): void {
    const there = new Set([...files.map(({ stat }) => stat.node), current?.node]);
    for (const node of this.known.keys()) if (!there.has(node)) this.known.delete(node);
  }

  private async holdTelemetry(files: readonly FoundFile[]): Promise<boolean> {
    for (const { path, stat } of files) {
      const known = this.known.get(stat.node);
      if (known?.holds === true) return true;
      if (known?.signature === stat.signature) continue;
      const holds = (await telemetryAmong([path])).files.length > 0;
      this.known.set(stat.node, { signature: stat.signature, holds });
      if (holds) return true;
    }
    return false;
  }
}
