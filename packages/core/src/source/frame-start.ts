import { ZSTD_MAGIC } from "./zstd-frame.ts";

/** Length of the big-endian number in front of each frame. */
export const LENGTH_BYTES = 4;
/** Bytes that suffice to judge whether a frame can begin at a place. */
export const FRAME_START_BYTES = 16;
/** A length above this is not believed. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

const FIELD_1 = 0x0a;
/** The first field of ResourceLogs and its sisters: resource, scope records or schema URL. */
const RESOURCE_FIELDS: readonly number[] = [0x0a, 0x12, 0x1a];

/** What the beginning of a frame tells. */
export interface FrameStart {
  readonly kind: "zstd" | "json" | "protobuf";
  /** Bytes of the content, without the length in front. */
  readonly length: number;
}

/** Judges the bytes from `at`: a frame, too few bytes to tell, or no frame. */
export function readFrameStart(bytes: Buffer, at: number): FrameStart | "short" | "bad" {
  const available = bytes.length - at;
  if (available <= 0) return "short";
  if (bytes.readUInt8(at) > 0x10) return "bad";
  if (available < LENGTH_BYTES) return "short";
  const length = bytes.readUInt32BE(at);
  if (length === 0 || length > MAX_FRAME_BYTES) return "bad";
  const content = at + LENGTH_BYTES;
  const first = bytes[content];
  if (first === undefined) return "short";
  if (first === FIELD_1) return protobufStart(bytes, content, length);
  if (first === ZSTD_MAGIC[0]) {
    const known = bytes.subarray(content, content + ZSTD_MAGIC.length);
    if (!known.equals(ZSTD_MAGIC.subarray(0, known.length))) return "bad";
    return known.length < ZSTD_MAGIC.length ? "short" : { kind: "zstd", length };
  }
  if (first !== 0x7b) return "bad";
  const second = bytes[content + 1];
  if (second === undefined) return "short";
  return second === 0x22 ? { kind: "json", length } : "bad";
}

/** A request is field 1 again and again: its first length has to fit and its content to begin. */
function protobufStart(
  bytes: Buffer,
  content: number,
  length: number,
): FrameStart | "short" | "bad" {
  let fieldBytes = 0;
  let at = content + 1;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at];
    if (byte === undefined) return "short";
    at += 1;
    fieldBytes += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) break;
  }
  if (at - content + fieldBytes > length) return "bad";
  if (fieldBytes === 0) return { kind: "protobuf", length };
  const inner = bytes[at];
  if (inner === undefined) return "short";
  return RESOURCE_FIELDS.includes(inner) ? { kind: "protobuf", length } : "bad";
}
