import type { Readable } from "node:stream";
import type { BrokenStreamReason } from "../codec/bytes.ts";

/** Why some bytes of a source could not be delivered as telemetry. */
export type DamageReason =
  | BrokenStreamReason
  | "nul-hole"
  | "corrupt-frame"
  | "frame-too-large"
  | "unknown-format";

/**
 * Whole lines, each ended by a line feed: `buffer[start..end)`. `offset` is the place of
 * `buffer[start]` in the stream. The buffer is used again as soon as the next item is asked for.
 */
interface LinesItem {
  readonly kind: "lines";
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/** What stands after the last line feed (or the last whole frame) when the stream ends. */
interface TailItem {
  readonly kind: "tail";
  readonly bytes: Buffer;
  readonly offset: number;
}

/** One JSON document from a length-prefixed frame; `offset` and `length` are those of the frame. */
interface PayloadItem {
  readonly kind: "payload";
  readonly bytes: Buffer;
  readonly offset: number;
  readonly length: number;
}

/**
 * One protobuf message: of a length-prefixed frame, whose `offset` and `length` it has, or a whole
 * stream. The bytes are valid until the next item is asked for.
 */
interface MessageItem {
  readonly kind: "message";
  readonly bytes: Buffer;
  readonly offset: number;
  readonly length: number;
}

/**
 * A line (or the content of a frame) longer than the limit for what is held in memory.
 * `length` covers its line feed when `terminated`; `open()` streams the text without the line
 * feed and may be called more than once, until the source is closed.
 */
export interface OversizeItem {
  readonly kind: "oversize";
  readonly offset: number;
  readonly length: number;
  readonly terminated: boolean;
  open(): Readable;
}

/** Pretty-printed JSON or an array of requests, from `offset` to the end of the stream. */
export interface DocumentItem {
  readonly kind: "document";
  readonly offset: number;
  readonly length: number;
  /** Streams the text; may be called more than once, until the source is closed. */
  open(): Readable;
}

/** Bytes that hold no telemetry we could read. `length` is 0 where a compressed stream breaks. */
export interface DamagedItem {
  readonly kind: "damaged";
  readonly offset: number;
  readonly length: number;
  readonly reason: DamageReason;
  readonly detail: string;
  /** At most the first 200 bytes. */
  readonly bytes: Buffer;
}

/**
 * One piece of a source, in the order of the stream. Offsets count bytes of the file, or of the
 * decompressed stream for gzip and zstd: reading again from an item's offset gives that item.
 */
export type SourceItem =
  | LinesItem
  | TailItem
  | PayloadItem
  | MessageItem
  | OversizeItem
  | DocumentItem
  | DamagedItem;
