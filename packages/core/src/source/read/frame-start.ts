import { readZstdBlock, readZstdHeader, skippableBytes, ZSTD_MAGIC } from "../codec/zstd-frame.ts";

/** Length of the big-endian number in front of each frame. */
export const LENGTH_BYTES = 4;
/** Bytes that suffice to judge whether a frame can begin at a place. */
export const FRAME_START_BYTES = 16;
/** A length above this is not believed. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

const FIELD_1 = 0x0a;
/** The dictionary of a profiles request. */
const FIELD_2 = 0x12;
/** The first field of ResourceLogs and its sisters: resource, scope records or schema URL. */
const RESOURCE_FIELDS: readonly number[] = [0x0a, 0x12, 0x1a];

/** What the beginning of a frame declares. */
export interface FrameStart {
  readonly kind: "zstd" | "json" | "protobuf";
  /** Bytes of the content, without the length in front. */
  readonly length: number;
}

/** Judges the bytes from `at`: a frame, too few bytes to decide, or no frame. */
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
  const field = readLength(bytes, content + 1);
  if (field === undefined) return bytes.length - content > 6 ? "bad" : "short";
  if (field.end - content + field.length > length) return "bad";
  if (field.length === 0) return { kind: "protobuf", length };
  const inner = bytes[field.end];
  if (inner === undefined) return "short";
  return RESOURCE_FIELDS.includes(inner) ? { kind: "protobuf", length } : "bad";
}

/**
 * Whether bytes are one request in protobuf with nothing in front of it: field 1 again and again,
 * up to the end of the stream where that is `ended` within the bytes. Text is none.
 */
export function isBareMessage(bytes: Buffer, ended: boolean): boolean {
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== FIELD_1) return false;
    const field = readLength(bytes, at + 1);
    if (field === undefined) return false;
    const inner = bytes[field.end];
    if (field.length > 0 && (inner === undefined || !RESOURCE_FIELDS.includes(inner))) return false;
    at = field.end + field.length;
  }
  const whole = at === bytes.length && ended;
  return (whole || (at > bytes.length && !ended)) && holdsNumbers(bytes);
}

/** Lengths, times and types are rarely letters: what has none of them is text. */
function holdsNumbers(bytes: Buffer): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters mark binary files.
  return /[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(bytes.toString("latin1"));
}

/** Reads a length as protobuf writes it; undefined when it does not end. */
function readLength(bytes: Buffer, start: number): { length: number; end: number } | undefined {
  let length = 0;
  for (let at = start; at < start + 5; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * (at - start));
    if (byte < 0x80) return { length, end: at + 1 };
  }
  return undefined;
}

/** Whether content of that kind fills exactly the length that its frame claims. */
export function fillsFrame(kind: FrameStart["kind"], content: Buffer): boolean {
  return fillers[kind](content);
}

const fillers: Record<FrameStart["kind"], (content: Buffer) => boolean> = {
  json: (content) => content.at(-1) === 0x7d,

  zstd(content) {
    let at = 0;
    while (at < content.length) {
      const end = zstdFrameEnd(content, at);
      if (end === undefined) return false;
      at = end;
    }
    return at === content.length;
  },

  protobuf(content) {
    let at = 0;
    while (at < content.length) {
      const tag = content.readUInt8(at);
      if (tag !== FIELD_1 && tag !== FIELD_2) return false;
      const field = readLength(content, at + 1);
      if (field === undefined) return false;
      at = field.end + field.length;
    }
    return at === content.length;
  },
};

function zstdFrameEnd(content: Buffer, start: number): number | undefined {
  const skippable = skippableBytes(content, start);
  if (skippable !== undefined) return start + skippable;
  const header = readZstdHeader(content, start);
  if (typeof header === "string") return undefined;
  let at = start + header.headerBytes;
  for (;;) {
    if (at + 3 > content.length) return undefined;
    const block = readZstdBlock(content, at);
    if (block === "bad") return undefined;
    at += 3 + block.storedBytes;
    if (block.last) return header.checksum ? at + 4 : at;
  }
}
