import { constants, statSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { codeOf } from "@cctelemetry/core/light";
import type { Durability } from "./durability.ts";

/** Writing or syncing failed; the file was rolled back. */
export class StorageFault extends Error {
  /** The system's error code, such as `ENOSPC`. */
  readonly code: string;

  constructor(code: string, options?: ErrorOptions) {
    super(`the telemetry file cannot be written: ${meaningOf(code)}`, options);
    this.code = code;
  }
}

/** An error of the system as a StorageFault. */
export function storageFaultOf(error: unknown): StorageFault {
  if (error instanceof StorageFault) return error;
  return new StorageFault(codeOf(error) ?? "unknown error", { cause: error });
}

/** Options of a journal file. */
export interface JournalFileOptions {
  readonly path: string;
  readonly durability: Durability;
  /** A file that would be larger is rotated away first; 0 never. */
  readonly rotateBytes: number;
  /** Milliseconds since 1970, for the names of files that are rotated away. */
  readonly now: () => number;
}

const LINE_FEED = Buffer.from("\n");
const FLAGS =
  constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);

/**
 * A file that lines are appended to, by one writer at a time. What a failed append left behind is
 * truncated before the next one; a line that a crash cut short is ended, so that it damages only
 * itself.
 */
export class JournalFile {
  readonly #options: JournalFileOptions;
  #handle: FileHandle | undefined;
  #identity = "";
  /** Counts the files that were opened. */
  #file = 0;
  /** Where the last whole line ends; what follows may be truncated. */
  #end = 0;
  /** Whether something may follow the end. */
  #torn = false;
  /** The size at which rotation is tried; grows when it fails. */
  #rotateAt: number;

  constructor(options: JournalFileOptions) {
    this.#options = options;
    this.#rotateAt = options.rotateBytes;
  }

  /** How far the file holds, bytes: what follows may be truncated. `file` is another number for each new file. */
  get extent(): { readonly file: number; readonly bytes: number } {
    return { file: this.#file, bytes: this.#end };
  }

  /** Opens the file, or checks that it is still the one at its path. Throws the system's error. */
  async open(): Promise<void> {
    const { path } = this.#options;
    if (this.#handle !== undefined) {
      const there = statSync(path, { bigint: true, throwIfNoEntry: false });
      const same = there !== undefined && `${there.dev}:${there.ino}` === this.#identity;
      if (same && this.#torn) await this.#cut();
      if (same && Number(there.size) === this.#end) return;
      if (!same) await this.close();
    }
    this.#handle ??= await this.#openPath();
    await this.#endLastLine(this.#handle);
  }

  /** Appends whole lines by one write, as durably as the options say. Throws `StorageFault`. */
  async append(lines: readonly Uint8Array[]): Promise<void> {
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    try {
      await this.open();
      if (this.#mustRotate(length)) await this.#rotate();
      await this.#write(lines, length);
      if (this.#options.durability === "fsync") await this.#sync(lines, length);
      this.#end += length;
      this.#torn = false;
    } catch (error) {
      await this.#cut().catch(() => undefined);
      throw storageFaultOf(error);
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    this.#torn = false;
    await handle?.close();
  }

  async #openPath(): Promise<FileHandle> {
    const { path } = this.#options;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(path, FLAGS, 0o600);
    try {
      const status = await handle.stat({ bigint: true });
      if (!status.isFile()) throw new StorageFault("EINVAL");
      // Others created it, readable by others.
      if ((status.mode & 0o077n) !== 0n) await handle.chmod(0o600).catch(() => undefined);
      const identity = `${status.dev}:${status.ino}`;
      if (identity !== this.#identity) this.#file += 1;
      this.#identity = identity;
      await syncFolder(dirname(path));
    } catch (error) {
      await handle.close();
      throw error;
    }
    return handle;
  }

  /** Ends a line that a crash cut short, and records where the file ends. */
  async #endLastLine(handle: FileHandle): Promise<void> {
    const { size } = await handle.stat();
    this.#end = size;
    if (size === 0) return;
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, size - 1);
    if (last.equals(LINE_FEED)) return;
    await handle.write(LINE_FEED);
    this.#end = size + 1;
  }

  async #write(lines: readonly Uint8Array[], length: number): Promise<void> {
    this.#torn = true;
    const { bytesWritten } = await this.#opened().writev([...lines]);
    // A full disk writes what fits and reports success.
    if (bytesWritten !== length) throw new StorageFault("ENOSPC");
  }

  /**
   * Syncs to the disk. After a failure the same descriptor reports success the next time, whatever
   * became of the data: the file is opened again and the lines are written again.
   */
  async #sync(lines: readonly Uint8Array[], length: number): Promise<void> {
    try {
      await this.#opened().datasync();
    } catch (cause) {
      const before = this.#identity;
      await this.#handle?.close().catch(() => undefined);
      this.#handle = undefined;
      const handle = await this.#openPath();
      this.#handle = handle;
      if (this.#identity !== before) throw new StorageFault("ESTALE", { cause });
      await handle.truncate(this.#end);
      await this.#write(lines, length);
      await handle.datasync();
    }
  }

  /** Truncates what a failed append left behind. */
  async #cut(): Promise<void> {
    if (!this.#torn) return;
    await this.#opened().truncate(this.#end);
    this.#torn = false;
  }

  #opened(): FileHandle {
    if (this.#handle === undefined) throw new StorageFault("EBADF");
    return this.#handle;
  }

  #mustRotate(length: number): boolean {
    return this.#rotateAt > 0 && this.#end > 0 && this.#end + length > this.#rotateAt;
  }

  /** Renames the file, as newer Collectors do, and begins a new one. */
  async #rotate(): Promise<void> {
    const { path, rotateBytes, now } = this.#options;
    const target = await freeName(path, now());
    await this.close();
    try {
      await rename(path, target);
      this.#rotateAt = rotateBytes;
    } catch {
      // The file goes on growing; rotation is tried again when it is a tenth larger.
      this.#rotateAt = this.#end + Math.ceil(rotateBytes / 10);
    }
    await this.open();
  }
}

/** `otel-2026-11-21T02-33-37.972-size.jsonl`; on a collision, the next millisecond is tried. */
async function freeName(path: string, now: number): Promise<string> {
  const extension = extname(path);
  const stem = basename(path, extension);
  for (let time = now; ; time += 1) {
    const stamp = new Date(time).toISOString().slice(0, -1).replaceAll(":", "-");
    const name = join(dirname(path), `${stem}-${stamp}-size${extension}`);
    const exists = await stat(name).then(
      () => true,
      () => false,
    );
    if (!exists) return name;
  }
}

/** Syncs the folder, so that a new file's name lasts; where folders cannot be opened, none is needed. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const meanings: ReadonlyMap<string, string> = new Map([
  ["ENOSPC", "the disk is full (ENOSPC)"],
  ["EDQUOT", "the quota is used up (EDQUOT)"],
  ["EFBIG", "it may not grow any more (EFBIG)"],
  ["EIO", "the disk fails (EIO)"],
  ["EROFS", "the disk is read-only (EROFS)"],
  ["EACCES", "permission denied (EACCES)"],
  ["EPERM", "permission denied (EPERM)"],
  ["ELOOP", "it is a symbolic link (ELOOP)"],
  ["EISDIR", "it is a folder (EISDIR)"],
  ["EINVAL", "it is no regular file"],
  ["ESTALE", "another file took its place (ESTALE)"],
]);

function meaningOf(code: string): string {
  return meanings.get(code) ?? code;
}
