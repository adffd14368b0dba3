import { Readable } from "node:stream";
import { ByteWindow } from "../codec/byte-window.ts";
import { type ByteReader, bufferReader, type StreamDamage } from "../codec/bytes.ts";
import { zstdChunks } from "../codec/zstd.ts";
import { defaultCodec, type ZstdCodec } from "../codec/zstd-codec.ts";
import { brokenStream, damaged, SHOWN_BYTES } from "./damage.ts";
import {
  FRAME_START_BYTES,
  type FrameStart,
  fillsFrame,
  LENGTH_BYTES,
  readFrameStart,
} from "./frame-start.ts";
import type { DamagedItem, DamageReason, SourceItem } from "./items.ts";

/** How frames are read. */
export interface FrameOptions {
  /** The stream offset of the reader's first byte. */
  readonly from: number;
  /** The longest content held in memory, compressed or not. */
  readonly maxLineBytes: number;
  readonly codec?: ZstdCodec;
}

/**
 * Reads frames of a 4-byte big-endian length and that many bytes: zstd, JSON or protobuf, each
 * recognized by its content. A last frame that is not all there is the tail; after bytes that are no
 * frame it goes on with the next one.
 */
export async function* readFrames(
  reader: ByteReader,
  options: FrameOptions,
): AsyncGenerator<SourceItem> {
  const window = new ByteWindow(reader, options.from);
  while (await window.need(1)) {
    await window.need(LENGTH_BYTES + FRAME_START_BYTES);
    const start = readFrameStart(window.bytes, 0);
    if (start === "short") {
      yield { kind: "tail", bytes: Buffer.from(window.bytes), offset: window.offset };
      break;
    }
    if (start === "bad") {
      yield await passDamage(window, options, "corrupt-frame", "No frame begins here.");
    } else if (start.length > options.maxLineBytes) {
      const detail = `The frame claims ${start.length} bytes, more than is held in memory.`;
      yield await passDamage(window, options, "frame-too-large", detail);
    } else if (await window.need(LENGTH_BYTES + start.length)) {
      if (!(await isBelievable(window, 0, start))) {
        yield await passDamage(window, options, "corrupt-frame", "The frame's length is wrong.");
        continue;
      }
      const offset = window.offset;
      const content = window.bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + start.length);
      window.take(LENGTH_BYTES + start.length);
      yield await decodeFrame(start, content, offset, options);
    } else if ((await findFrame(window, options, 1)) !== undefined) {
      yield await passDamage(window, options, "corrupt-frame", "The frame claims a wrong length.");
    } else {
      yield { kind: "tail", bytes: Buffer.from(window.bytes), offset: window.offset };
      window.take(window.bytes.length);
    }
  }
  if (window.damage !== undefined) yield brokenStream(window.offset, window.damage);
}

/** The text or message of one compressed frame, at most `limit` bytes of it. */
export async function decompressFrame(
  content: Buffer,
  limit: number,
  codec: ZstdCodec = defaultCodec,
): Promise<{ bytes: Buffer; damage: StreamDamage | undefined; whole: boolean }> {
  const parts: Uint8Array[] = [];
  let total = 0;
  let damage: StreamDamage | undefined;
  for await (const part of zstdChunks(bufferReader(content), codec)) {
    if (!(part instanceof Uint8Array)) {
      damage = part;
      break;
    }
    parts.push(part);
    total += part.length;
    if (total > limit) break;
  }
  const [only] = parts;
  const bytes = parts.length === 1 && only !== undefined ? viewOf(only) : Buffer.concat(parts);
  return { bytes: bytes.subarray(0, limit), damage, whole: total <= limit };
}

async function decodeFrame(
  start: FrameStart,
  content: Buffer,
  offset: number,
  options: FrameOptions,
): Promise<SourceItem> {
  const length = LENGTH_BYTES + content.length;
  if (start.kind === "protobuf") return { kind: "message", bytes: content, offset, length };
  if (start.kind === "json") return { kind: "payload", bytes: content, offset, length };
  const { bytes, damage, whole } = await decompressFrame(
    content,
    options.maxLineBytes,
    options.codec,
  );
  if (damage !== undefined) {
    return damaged(offset, length, "corrupt-frame", damage.detail, content);
  }
  if (bytes[0] !== 0x0a) {
    return whole
      ? { kind: "payload", bytes, offset, length }
      : { kind: "oversize", offset, length, terminated: true, open: reopen(content, options) };
  }
  if (whole) return { kind: "message", bytes, offset, length };
  const detail = "The message is longer than what is held in memory.";
  return damaged(offset, length, "frame-too-large", detail, content);
}

function reopen(content: Buffer, options: FrameOptions): () => Readable {
  const copy = Buffer.from(content);
  return () => Readable.from(onlyBytes(copy, options.codec), { objectMode: false });
}

async function* onlyBytes(content: Buffer, codec?: ZstdCodec): AsyncGenerator<Uint8Array> {
  for await (const part of zstdChunks(bufferReader(content), codec)) {
    if (part instanceof Uint8Array) yield part;
  }
}

/** Passes what stands before the next believable frame. */
async function passDamage(
  window: ByteWindow,
  options: FrameOptions,
  reason: DamageReason,
  detail: string,
): Promise<DamagedItem> {
  const { offset } = window;
  const shown = Buffer.from(window.bytes.subarray(0, SHOWN_BYTES));
  let from = 1;
  for (;;) {
    const found = await findFrame(window, options, from);
    const more = await window.need(window.bytes.length + 1);
    if (found !== undefined || !more) {
      window.take(found ?? window.bytes.length);
      return damaged(offset, window.offset - offset, reason, detail, shown);
    }
    // Everything but what may be the beginning of a frame has been looked at.
    window.take(Math.max(0, window.bytes.length - LENGTH_BYTES - FRAME_START_BYTES));
    from = 0;
  }
}

/** Where, from index `from`, a frame begins that can be believed. */
async function findFrame(
  window: ByteWindow,
  options: FrameOptions,
  from: number,
): Promise<number | undefined> {
  let { bytes } = window;
  for (let at = from; at < bytes.length; at += 1) {
    const start = readFrameStart(bytes, at);
    if (typeof start === "string" || start.length > options.maxLineBytes) continue;
    const whole = await window.need(at + LENGTH_BYTES + start.length);
    if (whole ? await isBelievable(window, at, start) : start.kind === "zstd") return at;
    bytes = window.bytes;
  }
  return undefined;
}

/** Whether the frame at index `at`, which is all there, is filled by its content or followed by another. */
async function isBelievable(window: ByteWindow, at: number, start: FrameStart): Promise<boolean> {
  const content = at + LENGTH_BYTES;
  const end = content + start.length;
  if (fillsFrame(start.kind, window.bytes.subarray(content, end))) return true;
  await window.need(end + LENGTH_BYTES + FRAME_START_BYTES);
  return readFrameStart(window.bytes, end) !== "bad";
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
