import type { ByteReader } from "./bytes.ts";

const STEP_BYTES = 64 * 1024;
/** How much is looked at from the first byte of content on. */
export const HEAD_BYTES = 128 * 1024;
/** Blank bytes kept before the content: they may be the length of a frame. */
const LOOK_BEHIND = 4;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The beginning of a stream, NULs and blank lines passed over. */
export interface Head {
  /** Up to 4 blank bytes, then the content. */
  readonly bytes: Buffer;
  /** Index in `bytes` of the first byte that is neither NUL nor white space. */
  readonly start: number;
  /** Length of the UTF-8 byte order mark at the beginning of the stream: 3 or 0. */
  readonly markBytes: number;
  /** The stream has no bytes at all. */
  readonly empty: boolean;
  /** The stream ends (or breaks) within `bytes`. */
  readonly ended: boolean;
}

/** Reads as far as is needed to tell what a stream is. Closes the reader. */
export async function readHead(reader: ByteReader): Promise<Head> {
  const buffer = Buffer.allocUnsafe(HEAD_BYTES + STEP_BYTES + LOOK_BEHIND);
  let fill = 0;
  let start = 0;
  let markBytes = 0;
  let empty = true;
  let ended = false;
  while (fill - start < HEAD_BYTES) {
    const count = await reader.read(buffer, fill, Math.min(STEP_BYTES, buffer.length - fill));
    if (count === 0) {
      ended = true;
      break;
    }
    fill += count;
    if (empty && fill < BYTE_ORDER_MARK.length) continue;
    if (empty && buffer.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) {
      markBytes = BYTE_ORDER_MARK.length;
      start = markBytes;
    }
    empty = false;
    while (start < fill && isBlank(buffer[start])) start += 1;
    if (start === fill) {
      const kept = Math.min(LOOK_BEHIND, fill);
      buffer.copyWithin(0, fill - kept, fill);
      start = kept;
      fill = kept;
    }
  }
  await reader.close?.();
  return { bytes: buffer.subarray(0, fill), start, markBytes, empty: empty && fill === 0, ended };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x00 || byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09;
}
