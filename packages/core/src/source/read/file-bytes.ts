import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { KnownError } from "../../errors.ts";
import type { ByteReader, ByteSource } from "../codec/bytes.ts";
import { fileError } from "../file-error.ts";
import { type FileStat, fileStatOf } from "../file-stat.ts";

/**
 * A regular file, held open, as long as it was when it was opened or last asked for its size: what
 * a writer appends while we read belongs to a later run.
 */
export class FileBytes implements ByteSource {
  readonly path: string;
  sizeBytes: number;
  /** What it was when it was opened. */
  readonly openedAs: FileStat;
  /** The greatest offset read by the readers so far. */
  consumedBytes = 0;
  readonly #descriptor: number;
  #open = true;

  /** Opens for reading; KnownError when it is missing, unreadable or not a regular file. */
  constructor(path: string) {
    this.path = path;
    try {
      const stats = statSync(path);
      if (!stats.isFile()) throw unsuitableError(path, stats);
      this.#descriptor = openSync(path, constants.O_RDONLY);
    } catch (cause) {
      throw cause instanceof KnownError ? cause : fileError(path, cause);
    }
    try {
      this.openedAs = fileStatOf(fstatSync(this.#descriptor, { bigint: true }));
      this.sizeBytes = this.openedAs.sizeBytes;
    } catch (cause) {
      closeSync(this.#descriptor);
      throw fileError(path, cause);
    }
  }

  /** Synchronous reads: the bytes are nearly always in the page cache, and a read costs less so. */
  reader(from: number): ByteReader {
    let position = from;
    return {
      damage: undefined,
      read: (into, at, length) => {
        const wanted = Math.min(length, this.sizeBytes - position);
        if (wanted <= 0) return 0;
        const got = this.readAt(into, at, wanted, position);
        position += got;
        if (position > this.consumedBytes) this.consumedBytes = position;
        return got;
      },
    };
  }

  /** Asks how long the file is now, and what it is on the disk, whatever became of its name. */
  refresh(): FileStat {
    try {
      const stat = fileStatOf(fstatSync(this.#descriptor, { bigint: true }));
      this.sizeBytes = stat.sizeBytes;
      return stat;
    } catch (cause) {
      throw fileError(this.path, cause);
    }
  }

  /** Reads at a place without moving the progress. */
  readAt(into: Buffer, at: number, length: number, position: number): number {
    try {
      return readSync(this.#descriptor, into, at, length, position);
    } catch (cause) {
      throw fileError(this.path, cause);
    }
  }

  close(): void {
    if (this.#open) closeSync(this.#descriptor);
    this.#open = false;
  }
}

/** The error for what is neither a file nor a directory, or a directory where a file is needed. */
export function unsuitableError(path: string, stats: EntryKind): KnownError {
  const hint = stats.isFIFO()
    ? 'Feed a pipe through standard input: use "-" as the path.'
    : "Name a file, a directory or a pattern.";
  const message = `"${path}" is ${describeKind(stats)}, not a file.`;
  return new KnownError("path-unsuitable", message, { hint });
}

type EntryKind = Pick<Stats, "isDirectory" | "isFIFO" | "isSocket">;

/** What a directory entry is, in words. */
export function describeKind(stats: EntryKind): string {
  if (stats.isDirectory()) return "a directory";
  if (stats.isFIFO()) return "a pipe";
  if (stats.isSocket()) return "a socket";
  return "a device";
}
