import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";

/** A file of a journal: one that was rotated away, or the one that is written. */
export interface Segment {
  readonly path: string;
  /** When it was rotated away, milliseconds since 1970; undefined for the one that is written. */
  readonly rotatedAt: number | undefined;
  readonly size: number;
}

/** How much of a file's first line it is known by, bytes. */
const HEAD_BYTES = 4096;
const LINE_FEED = 0x0a;

/** The files of a journal, in the order in which they were written; files that are gone are left out. */
export async function segmentsOf(path: string): Promise<readonly Segment[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const rotated = names.flatMap((name) => {
    const rotatedAt = rotationTime(name, path);
    return rotatedAt === undefined ? [] : [{ path: join(dirname(path), name), rotatedAt }];
  });
  rotated.sort((a, b) => a.rotatedAt - b.rotatedAt);
  const all = await Promise.all(
    [...rotated, { path, rotatedAt: undefined }].map(async (file) => {
      const status = await stat(file.path).catch(() => undefined);
      return status?.isFile() === true ? [{ ...file, size: status.size }] : [];
    }),
  );
  return all.flat();
}

/**
 * What a file is known by, whatever its name: a hash of the beginning of its first line. Undefined as
 * long as that may still grow.
 */
export async function headOf(path: string): Promise<string | undefined> {
  const bytes = await readAt(path, 0, HEAD_BYTES).catch(() => undefined);
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(LINE_FEED);
  if (end < 0 && bytes.length < HEAD_BYTES) return undefined;
  return createHash("sha256")
    .update(end < 0 ? bytes : bytes.subarray(0, end + 1))
    .digest("hex");
}

/**
 * Whole lines from an offset on, without their line feeds: of no more than `mostBytes`, or one that is
 * longer. None where no line has ended before `end`.
 */
export async function linesAt(
  path: string,
  offset: number,
  end: number,
  mostBytes: number,
): Promise<{ readonly lines: readonly Buffer[]; readonly next: number }> {
  for (let wanted = mostBytes; ; wanted *= 4) {
    const bytes = await readAt(path, offset, Math.min(wanted, end - offset));
    const last = bytes.lastIndexOf(LINE_FEED);
    if (last >= 0) {
      const lines: Buffer[] = [];
      for (let from = 0; from <= last; ) {
        const to = bytes.indexOf(LINE_FEED, from);
        if (to > from) lines.push(bytes.subarray(from, to));
        from = to + 1;
      }
      return { lines, next: offset + last + 1 };
    }
    if (bytes.length < wanted) return { lines: [], next: offset };
  }
}

/** `otel-2026-11-21T02-33-37.972-size.jsonl` of `otel.jsonl`; undefined for any other name. */
function rotationTime(name: string, path: string): number | undefined {
  const extension = extname(path);
  const stem = `${basename(path, extension)}-`;
  const rest = `-size${extension}`;
  if (!name.startsWith(stem) || !name.endsWith(rest)) return undefined;
  const stamp = name.slice(stem.length, name.length - rest.length);
  const [, day, hour, minute, seconds] =
    /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})$/.exec(stamp) ?? [];
  const time = Date.parse(`${day}T${hour}:${minute}:${seconds}Z`);
  return Number.isNaN(time) ? undefined : time;
}

async function readAt(path: string, offset: number, length: number): Promise<Buffer> {
  if (length <= 0) return Buffer.alloc(0);
  const handle = await open(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}
