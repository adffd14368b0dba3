import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The buffer of the file exporter, bytes. */
const BUFFER_BYTES = 4_096;

/**
 * Writes as the Collector's file exporter does without rotation: through a buffer of 4,096 bytes
 * that is flushed when it is full or on request, so that the file ends anywhere within a line. A
 * line longer than the buffer goes past it, and its newline waits in the buffer.
 */
export class CollectorWriter {
  private readonly file: number;
  private readonly buffer = Buffer.alloc(BUFFER_BYTES);
  private filled = 0;

  /** `append: false`, the exporter's default, empties the file and keeps its own offset. */
  constructor(path: string, { append = false } = {}) {
    this.file = openSync(path, append ? "a" : "w", 0o644);
  }

  line(text: string): void {
    this.write(Buffer.from(text));
    this.write(Buffer.from("\n"));
  }

  /** What the exporter does every second. */
  flush(): void {
    writeAll(this.file, this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }

  /** Ends in order: everything is in the file. */
  close(): void {
    this.flush();
    closeSync(this.file);
  }

  /** Ends as with kill -9: what is in the buffer is lost. */
  crash(): void {
    closeSync(this.file);
  }

  private write(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > BUFFER_BYTES - this.filled) {
      if (this.filled === 0) {
        writeAll(this.file, rest);
        return;
      }
      const part = rest.subarray(0, BUFFER_BYTES - this.filled);
      this.filled += part.copy(this.buffer, this.filled);
      rest = rest.subarray(part.length);
      this.flush();
    }
    this.filled += rest.copy(this.buffer, this.filled);
  }
}

/**
 * Writes as the exporter does with rotation: the line and its newline in two writes, each of which
 * may be what starts the next file. With `pieceBytes` it writes pieces of that size instead, as old
 * exporters with a buffer before the rotation did: rotation then cuts lines in two.
 */
export class RotatingWriter {
  readonly path: string;
  private readonly maxBytes: number;
  private readonly pieceBytes: number | undefined;
  private file: number;
  private size: number;
  private waiting: Buffer = Buffer.alloc(0);
  rotations = 0;

  constructor(path: string, maxBytes: number, pieceBytes?: number) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.pieceBytes = pieceBytes;
    this.file = openSync(path, "a", 0o600);
    this.size = fstatSync(this.file).size;
  }

  line(text: string): void {
    if (this.pieceBytes === undefined) {
      this.write(Buffer.from(text));
      this.write(Buffer.from("\n"));
      return;
    }
    this.waiting = Buffer.concat([this.waiting, Buffer.from(`${text}\n`)]);
    while (this.waiting.length >= this.pieceBytes) {
      this.write(this.waiting.subarray(0, this.pieceBytes));
      this.waiting = this.waiting.subarray(this.pieceBytes);
    }
  }

  close(): void {
    this.write(this.waiting);
    closeSync(this.file);
  }

  private write(bytes: Buffer): void {
    if (this.size > 0 && this.size + bytes.length > this.maxBytes) this.rotate();
    writeAll(this.file, bytes);
    this.size += bytes.length;
  }

  private rotate(): void {
    closeSync(this.file);
    renameSync(this.path, backupPath(this.path, this.rotations));
    this.rotations++;
    this.file = openSync(this.path, "w", 0o600);
    this.size = 0;
  }
}

/** The name that the Collector gives a file at its `number`th rotation. */
export function backupPath(path: string, number: number): string {
  const stamp = new Date(Date.UTC(2026, 9, 5, 10, 0, number)).toISOString();
  const text = stamp.slice(0, -1).replaceAll(":", "-");
  return path.replace(/(\.\w+)$/, `-${text}$1`);
}

/** Appends the bytes in one go and closes the file. */
export function appendBytes(path: string, bytes: string | Buffer): void {
  const file = openSync(path, "a", 0o644);
  writeAll(file, Buffer.from(bytes));
  closeSync(file);
}

/** Appends as much as fits; false where the end is missing, as on a full disk. */
export function appendUntilFull(path: string, text: string): boolean {
  const bytes = Buffer.from(text);
  const file = openSync(path, "a", 0o644);
  try {
    // A disk that becomes full takes a part and says nothing; only the next write fails.
    return writeSync(file, bytes) === bytes.length;
  } catch {
    return false;
  } finally {
    closeSync(file);
  }
}

/** Size of the file, 0 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A path beside the telemetry that is no name of a backup. */
export function beside(path: string, name: string): string {
  return join(path, "..", name);
}

function writeAll(file: number, bytes: Buffer): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(file, bytes, done);
}
