import { basename } from "node:path";
import { KnownError } from "../../errors.ts";
import { isOutOfDescriptors } from "../file-error.ts";
import type { FileStat } from "../file-stat.ts";
import { openSource } from "../read/open.ts";
import type { Found, FoundFile, Skipped } from "./found.ts";
import { groupSiblings, parseBackupName } from "./siblings.ts";
import { filesAt } from "./stat-path.ts";

/** What the content of a file is: telemetry, something else that can be read, nothing, or refused. */
interface Content {
  readonly kind: "telemetry" | "readable" | "none" | "refused";
  readonly reason: string;
}

const TELEMETRY: Content = { kind: "telemetry", reason: "" };

/** Knows by content which files hold telemetry, and opens each only once in each state. */
export class TelemetryFilter {
  private readonly known: Map<string, { readonly signature: string; readonly content: Content }> =
    new Map();

  /**
   * The files that hold telemetry, and those that can be read beside a sibling that does: the rest
   * of a line that a rotation cut does not look like telemetry. Throws only if no more files can be
   * opened.
   */
  async among(paths: readonly string[]): Promise<Found> {
    const files: FoundFile[] = [];
    const at = filesAt(paths);
    const skipped: Skipped[] = [...at.skipped];
    const there = new Map(at.files.map((file) => [file.path, file]));
    for (const members of groupSiblings([...there.keys()]).values()) {
      const inspected: { readonly file: FoundFile; readonly content: Content }[] = [];
      // One by one: a rotation may have more files than can be open at a time.
      for (const file of members.flatMap((path) => there.get(path) ?? [])) {
        inspected.push({ file, content: await this.contentOf(file) });
      }
      const holds = inspected.some(({ content }) => content.kind === "telemetry");
      for (const { file, content } of inspected) {
        const isRead = content.kind === "telemetry" || (holds && content.kind === "readable");
        if (isRead) files.push(file);
        else skipped.push({ path: file.path, reason: content.reason });
      }
    }
    this.forgetOthers([...there.values()]);
    return { files, skipped };
  }

  /**
   * Those that are backups of a file. A number or a date behind a name may mean anything; the content
   * decides, or that it was the `current` file before: a piece of a line does not look like telemetry.
   */
  async backups(files: readonly FoundFile[], current: FileStat | undefined): Promise<Found> {
    const kept: FoundFile[] = [];
    const skipped: Skipped[] = [];
    if (current !== undefined) {
      this.known.set(current.node, { signature: current.signature, content: TELEMETRY });
    }
    for (const file of files) {
      const named = parseBackupName(basename(file.path))?.by === "collector";
      const { kind, reason } = named ? TELEMETRY : await this.contentOf(file);
      if (kind === "telemetry") kept.push(file);
      else if (kind === "refused") skipped.push({ path: file.path, reason });
    }
    this.forgetOthers(files, current);
    return { files: kept, skipped };
  }

  private forgetOthers(files: readonly FoundFile[], current?: FileStat): void {
    const there = new Set([...files.map(({ stat }) => stat.node), current?.node]);
    for (const node of this.known.keys()) if (!there.has(node)) this.known.delete(node);
  }

  /** Once a file has held telemetry, it counts as telemetry whatever is written to it. */
  private async contentOf({ path, stat }: FoundFile): Promise<Content> {
    const known = this.known.get(stat.node);
    if (known?.content.kind === "telemetry") return known.content;
    if (known?.signature === stat.signature) return known.content;
    const content = await inspectContent(path);
    this.known.set(stat.node, { signature: stat.signature, content });
    return content;
  }
}

async function inspectContent(path: string): Promise<Content> {
  try {
    const source = await openSource(path);
    await source.close();
    if (source.holdsTelemetry) return TELEMETRY;
    if (source.framing === "empty") return { kind: "none", reason: "It is empty." };
    const kind = source.framing === "unknown" ? "none" : "readable";
    return { kind, reason: "It holds no telemetry." };
  } catch (error) {
    if (!(error instanceof KnownError) || isOutOfDescriptors(error)) throw error;
    return { kind: "refused", reason: error.message };
  }
}
