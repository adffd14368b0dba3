import type { ByteReader } from "../codec/bytes.ts";

const STEP_BYTES = 64 * 1024;
/** How much is looked at from the first byte of content on. */
export const HEAD_BYTES = 128 * 1024;
/**
 * Blank bytes kept before the content: the length of a frame and the tags of a message may all
 * be blank.
 */
export const LOOK_BEHIND = 16;
/** What stands in front of each record of a sequence by RFC 7464, as `jq --seq` writes it. */
export const RECORD_MARK = 0x1e;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The beginning of a stream, NULs and blank lines passed over. */
export interface Head {
  /** Up to 16 blank bytes, then the content. */
  readonly bytes: Buffer;
  /** Index in `bytes` of the first byte that is neither NUL, white space nor the mark of a record. */
  readonly start: number;
  /** Length of the UTF-8 byte order mark at the beginning of the stream: 3 or 0. */
  readonly bomBytes: number;
  /** The stream has no bytes at all. */
  readonly empty: boolean;
  /** The stream ends (or breaks) within `bytes`. */
  readonly ended: boolean;
}

/** Reads as far as is needed to detect what a stream is. Closes the reader. */
export async function readHead(reader: ByteReader): Promise<Head> {
  const buffer = Buffer.allocUnsafe(HEAD_BYTES + STEP_BYTES + LOOK_BEHIND);
  let fill = await readStep(reader, buffer, 0);
  const empty = fill === 0;
  const marked = buffer.subarray(0, Math.min(fill, BOM.length)).equals(BOM);
  const bomBytes = marked ? BOM.length : 0;
  let start = bomBytes;
  let ended = empty;
  for (;;) {
    while (start < fill && isBlank(buffer[start])) start += 1;
    if (ended || fill - start >= HEAD_BYTES) break;
    if (start === fill) {
      const kept = Math.min(LOOK_BEHIND, fill);
      buffer.copyWithin(0, fill - kept, fill);
      start = kept;
      fill = kept;
    }
    const count = await readStep(reader, buffer, fill);
    fill += count;
    ended = count === 0;
  }
  await reader.close?.();
  return { bytes: buffer.subarray(0, fill), start, bomBytes, empty, ended };
}

/** Reads a step, however small the pieces are that come: a mark is never cut. */
async function readStep(reader: ByteReader, buffer: Buffer, at: number): Promise<number> {
  const end = Math.min(at + STEP_BYTES, buffer.length);
  let fill = at;
  while (fill < end) {
    const count = await reader.read(buffer, fill, end - fill);
    if (count === 0) break;
    fill += count;
  }
  return fill - at;
}

const blanks: ReadonlySet<number | undefined> = new Set([
  0x00,
  0x09,
  0x0a,
  0x0d,
  0x20,
  RECORD_MARK,
]);

function isBlank(byte: number | undefined): boolean {
  return blanks.has(byte);
}
