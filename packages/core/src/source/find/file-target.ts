import { basename, dirname } from "node:path";
import { statFile } from "../file-stat.ts";
import { backupsBeside } from "./backups.ts";
import type { Found, FoundFile, Place, Skipped, Target, Trouble } from "./found.ts";
import { folderTarget } from "./listed-target.ts";
import { parseBackupName } from "./siblings.ts";
import { type AtPath, filesAt, realPath, statPath } from "./stat-path.ts";
import { TelemetryFilter } from "./telemetry-filter.ts";

/** Who rotates faster than a directory is listed so many times is followed all the same. */
const MOST_RETRIES = 3;
/** The clock of a file system is coarse: two changes of a directory within this look like one, milliseconds. */
const UNSETTLED_MS = 2000;
/** Backups whose state is read whenever their file's is. */
const LAST_BACKUPS = 16;

/** The backups in a directory as they were listed, and since when it has been the same. */
interface Listing {
  readonly signature: string;
  readonly since: number;
  readonly files: readonly FoundFile[];
  readonly skipped: readonly Skipped[];
}

/** A file that was named, whether it is there yet or not. */
export class FileTarget implements Target {
  readonly path: string;
  readonly places: readonly Place[];
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private wasFile = false;
  private retries = MOST_RETRIES;
  private folder: Target | undefined;
  private listed: Listing = { signature: "", since: 0, files: [], skipped: [] };

  constructor(path: string) {
    this.path = path;
    const real = realPath(path);
    this.places = real === path ? [placeOf(path)] : [placeOf(path), placeOf(real)];
  }

  async find(changed: boolean): Promise<Found> {
    const { path } = this;
    const before = statFile(path);
    const listed = this.backups();
    const among = await this.telemetry.backups(listed.files, before);
    const backups = { ...among, skipped: [...listed.skipped, ...among.skipped] };
    const there = statPath(path);
    // A rotation meanwhile would hide the file that it made a backup.
    if (statFile(path)?.node !== before?.node && this.retries-- > 0) {
      return this.find(changed);
    }
    this.retries = MOST_RETRIES;
    if (there.kind === "file") {
      this.wasFile = true;
      return { ...backups, files: [...backups.files, { path, stat: there.stat }] };
    }
    if (there.kind === "directory" && !this.wasFile) {
      this.folder ??= folderTarget(path);
      return this.folder.find(changed);
    }
    return { ...backups, trouble: this.trouble(there, backups.files.length > 0) };
  }

  /** The backups beside it: listed again only if the directory has changed. */
  private backups(): Found {
    const signature = statFile(dirname(this.path))?.signature ?? "";
    const now = performance.now();
    if (signature === "" || signature !== this.listed.signature) {
      this.listed = { signature, since: now, ...filesAt(backupsBeside(this.path)) };
    } else if (now - this.listed.since < UNSETTLED_MS) {
      this.listed = { ...this.listed, ...filesAt(backupsBeside(this.path)) };
    }
    // A writer that does not know of a rotation may go on writing to one of the last backups.
    const { files, skipped } = this.listed;
    const last = filesAt(files.slice(-LAST_BACKUPS).map((file) => file.path));
    return {
      files: [...files.slice(0, -LAST_BACKUPS), ...last.files],
      skipped: [...skipped, ...last.skipped],
    };
  }

  private trouble(there: Exclude<AtPath, { kind: "file" }>, hasBackups: boolean): Trouble {
    const { path, wasFile } = this;
    if (there.kind === "directory") {
      const reason = "It has become a directory.";
      return { path, kind: "unsuitable", reason, error: undefined };
    }
    const { kind, reason, error } = there;
    if (kind !== "missing") return { path, kind, reason, error };
    return {
      path,
      kind: wasFile ? "missing" : "waiting",
      reason: wasFile
        ? "The file is gone; it is read again when it is back."
        : "There is no such file yet.",
      error: hasBackups ? undefined : error,
    };
  }
}

/** Where changes of a file and of its backups are seen. */
function placeOf(path: string): Place {
  const name = basename(path);
  const cares = (other: string) =>
    other === name || parseBackupName(other)?.bases.includes(name) === true;
  return { directory: dirname(path), deep: false, cares };
}
