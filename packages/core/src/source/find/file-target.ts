import { readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { throwIfOutOfDescriptors } from "../file-error.ts";
import { fileStatOf, statFile } from "../file-stat.ts";
import { FolderTarget } from "./folder-target.ts";
import type { Found, FoundFile, Place, Target, Trouble } from "./found.ts";
import { backupsOf, parseBackupName } from "./siblings.ts";
import { filesAt, statPath, type Unsuited } from "./stat-path.ts";
import { TelemetryFilter } from "./telemetry-filter.ts";

/** Who rotates faster than a directory is listed so many times is followed all the same. */
const MOST_RETRIES = 3;
/** The clock of a file system is coarse: two changes of a directory within this look like one, milliseconds. */
const UNSETTLED_MS = 2000;
/** Backups that are looked at whenever their file is. */
const LAST_BACKUPS = 16;

/** The files of a directory as they were listed, and since when it has looked the same. */
interface Listing {
  readonly signature: string;
  readonly since: number;
  readonly files: readonly FoundFile[];
}

/** A file that was named, whether it is there yet or not. */
export class FileTarget implements Target {
  readonly path: string;
  readonly places: readonly Place[];
  private readonly telemetry: TelemetryFilter = new TelemetryFilter();
  private wasFile = false;
  private retries = MOST_RETRIES;
  private folder: FolderTarget | undefined;
  private listed: Listing = { signature: "", since: 0, files: [] };

  constructor(path: string) {
    this.path = path;
    const real = realPathOf(path);
    this.places = real === path ? [placeOf(path)] : [placeOf(path), placeOf(real)];
  }

  async find(changed: boolean): Promise<Found> {
    const { path } = this;
    const before = statFile(path);
    const backups = await this.telemetry.backups(this.backups(), before);
    const stats = statPath(path);
    // A rotation meanwhile would hide the file that it made a backup.
    if (statFile(path)?.node !== before?.node && this.retries-- > 0) {
      return this.find(changed);
    }
    this.retries = MOST_RETRIES;
    if (typeof stats === "object" && !("reason" in stats)) {
      this.wasFile = true;
      return groupOf(path, [...backups, { path, stat: fileStatOf(stats) }]);
    }
    if (stats === "directory" && !this.wasFile) {
      this.folder ??= new FolderTarget(path);
      return this.folder.find(changed);
    }
    return { ...groupOf(path, backups), trouble: this.trouble(stats) };
  }

  /** The backups beside it: listed again only if the directory has changed. */
  private backups(): readonly FoundFile[] {
    const signature = statFile(dirname(this.path))?.signature ?? "";
    const now = performance.now();
    if (signature === "" || signature !== this.listed.signature) {
      this.listed = { signature, since: now, files: backupsBeside(this.path) };
    } else if (now - this.listed.since < UNSETTLED_MS) {
      this.listed = { ...this.listed, files: backupsBeside(this.path) };
    }
    // A writer that does not know of a rotation may go on writing to one of the last backups.
    const { files } = this.listed;
    const last = filesAt(files.slice(-LAST_BACKUPS).map((file) => file.path));
    return [...files.slice(0, -LAST_BACKUPS), ...last];
  }

  private trouble(stats: Unsuited): Trouble {
    const { path, wasFile } = this;
    if (stats === "missing") {
      return wasFile
        ? { path, kind: "missing", reason: "The file is gone; it is read again when it is back." }
        : { path, kind: "waiting", reason: "There is no such file yet." };
    }
    if (stats === "directory") {
      return { path, kind: "unsuitable", reason: "It has become a directory." };
    }
    return { path, ...stats };
  }
}

/** Where changes of a file and of its backups are seen. */
function placeOf(path: string): Place {
  const name = basename(path);
  const cares = (other: string) =>
    other === name || parseBackupName(other)?.bases.includes(name) === true;
  return { directory: dirname(path), deep: false, cares };
}

/** What a link leads to; the path itself if it is none, or if nothing is there. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function groupOf(path: string, files: readonly FoundFile[]): Found {
  return { groups: [{ path, files }] };
}

function backupsBeside(path: string): readonly FoundFile[] {
  const directory = dirname(path);
  try {
    const names = backupsOf(basename(path), readdirSync(directory));
    return filesAt(names.map((name) => join(directory, name)));
  } catch (cause) {
    throwIfOutOfDescriptors(directory, cause);
    return [];
  }
}
