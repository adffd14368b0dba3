import { closeSync, openSync, readSync, statSync } from "node:fs";
import { LINE_FEED } from "../source/codec/bytes.ts";

const BLOCK_BYTES = 1024 * 1024;
/** A line that is longer is passed over: it is no export request of this machine. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Bytes before a position by which a file is recognized. */
const GUARD_BYTES = 256;

/** Up to where a file of lines was read. */
export interface FilePosition {
  readonly path: string;
  /** Bytes read; a line begins behind them. */
  readonly offset: number;
  /** The last bytes before the offset, in base64: the file is known again by them. */
  readonly before: string;
}

/** What came of looking for lines behind a position. */
export type Appended =
  | { readonly kind: "read"; readonly position: FilePosition }
  /** Another file stands there now. */
  | { readonly kind: "replaced" }
  | { readonly kind: "gone" }
  /** More than was to be read. */
  | { readonly kind: "much" };

/** The beginning of a file. */
export function startOf(path: string): FilePosition {
  return { path, offset: 0, before: "" };
}

/**
 * Reads the whole lines behind a position, up to `mostBytes`, and hands them on in blocks that are
 * overwritten later. Never throws: a file that cannot be read counts as gone.
 */
export function readAppended(
  position: FilePosition,
  mostBytes: number,
  take: (lines: Buffer) => void,
): Appended {
  try {
    const stats = statSync(position.path);
    if (!stats.isFile()) return { kind: "gone" };
    const added = stats.size - position.offset;
    if (added < 0) return { kind: "replaced" };
    if (added === 0) return { kind: "read", position };
    if (added > mostBytes) return { kind: "much" };
    const file = openSync(position.path, "r");
    try {
      if (!isThere(file, position)) return { kind: "replaced" };
      return { kind: "read", position: readLines(file, position, take) };
    } finally {
      closeSync(file);
    }
  } catch {
    return { kind: "gone" };
  }
}

/**
 * The position `bytes` before a given one, to read again from there: the last parts of a line were
 * missing. Throws what the system says where the file cannot be read.
 */
export function stepBack({ path, offset }: FilePosition, bytes: number): FilePosition {
  const back = offset - bytes;
  const guard = Buffer.alloc(Math.min(GUARD_BYTES, back));
  const file = openSync(path, "r");
  try {
    readSync(file, guard, 0, guard.length, back - guard.length);
  } finally {
    closeSync(file);
  }
  return { path, offset: back, before: guard.toString("base64") };
}

/** Whether the bytes before a position are those that were read. */
function isThere(file: number, { offset, before }: FilePosition): boolean {
  const guard = Buffer.from(before, "base64");
  const bytes = Buffer.alloc(guard.length);
  const count = readSync(file, bytes, 0, bytes.length, offset - bytes.length);
  return count === bytes.length && bytes.equals(guard);
}

function readLines(
  file: number,
  { path, offset, before }: FilePosition,
  take: (lines: Buffer) => void,
): FilePosition {
  let buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  let guard = Buffer.from(before, "base64");
  let [fill, start, skips] = [0, offset, false];
  for (;;) {
    if (fill === buffer.length) buffer = larger(buffer);
    const count = readSync(file, buffer, fill, buffer.length - fill, start + fill);
    if (count === 0) break;
    const end = buffer.subarray(0, fill + count).lastIndexOf(LINE_FEED) + 1;
    fill += count;
    if (end === 0 && fill < LONGEST_LINE) continue;
    const done = end === 0 ? fill : end;
    const first = skips ? buffer.indexOf(LINE_FEED) + 1 : 0;
    if (end > first) take(buffer.subarray(first, end));
    skips = end === 0;
    guard = Buffer.concat([guard, buffer.subarray(Math.max(0, done - GUARD_BYTES), done)]);
    guard = Buffer.from(guard.subarray(Math.max(0, guard.length - GUARD_BYTES)));
    buffer.copyWithin(0, done, fill);
    start += done;
    fill -= done;
  }
  return { path, offset: start, before: guard.toString("base64") };
}

function larger(buffer: Buffer): Buffer<ArrayBuffer> {
  const copy = Buffer.allocUnsafe(2 * buffer.length);
  buffer.copy(copy);
  return copy;
}
