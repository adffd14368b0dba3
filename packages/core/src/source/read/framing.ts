import type { Compression } from "../codec/compression.ts";
import { FRAME_START_BYTES, isBareMessage, LENGTH_BYTES, readFrameStart } from "./frame-start.ts";
import { type Head, LOOK_BEHIND } from "./head.ts";
import { opensDocument } from "./pretty.ts";

/**
 * How telemetry stands in a file. "gzip" and "zstd" are compressed lines, "utf16" is a text of
 * UTF-16; "protobuf-zstd" is a zstd stream of protobuf frames; the "-frames" are length-prefixed;
 * "protobuf-body" is one request without a length, as a sender's body is.
 */
export type Framing =
  | "lines"
  | "gzip"
  | "zstd"
  | "utf16"
  | "zstd-frames"
  | "json-frames"
  | "protobuf-frames"
  | "protobuf-zstd-frames"
  | "protobuf-zstd"
  | "protobuf-body"
  | "document"
  | "empty"
  | "unknown";

/** What the length-prefixed frames hold. */
export type FrameKind = "zstd" | "json" | "protobuf" | "protobuf-zstd";

/** How the (decompressed) stream is divided. */
export type Content = "lines" | "document" | "frames" | "body" | "empty" | "unknown";

/** Lengths of frames at the beginning of a file that are believed without seeing the next frame. */
const PLAUSIBLE_FRAME_BYTES = 64 * 1024 * 1024;

/** Bytes of a beginning that are enough to say whether it is text. */
const TEXT_BYTES = 4096;

/**
 * Detects how a stream is divided, by its content and never by its name. Text of any kind is lines:
 * requests may stand behind what a program has printed first, and a live file may get them later.
 */
export function detectContent(head: Head): Content {
  const { bytes, start, ended } = head;
  if (head.empty) return "empty";
  if (start === bytes.length) return "lines";
  if (findFirstFrame(head) !== undefined) return "frames";
  if (isBareMessage(bytes, ended)) return "body";
  const text = bytes.subarray(start);
  if (text[0] === 0x7b || text[0] === 0x5b)
    return opensDocument(text, ended) ? "document" : "lines";
  return isText(text) || holdsRequests(text) ? "lines" : "unknown";
}

/** Index in the head's bytes where the first length-prefixed frame begins. */
export function findFirstFrame(head: Head): number | undefined {
  const { bytes, start, ended } = head;
  for (let at = Math.max(0, start - LOOK_BEHIND); at <= start; at += 1) {
    const frame = readFrameStart(bytes, at);
    if (typeof frame === "string" || frame.length > PLAUSIBLE_FRAME_BYTES) continue;
    const end = at + LENGTH_BYTES + frame.length;
    const seen = end < bytes.length || (end === bytes.length && ended);
    const followed = end + FRAME_START_BYTES <= bytes.length || ended;
    if (seen && followed && readFrameStart(bytes, end) === "bad") {
      if (frame.kind !== "zstd") continue;
    } else if (frame.kind === "json" && !seen) {
      continue;
    }
    return at;
  }
  return undefined;
}

/** The word for a compression, a content and (for frames) what they hold. */
export function framingOf(
  compression: Compression,
  content: Content,
  frameKind: FrameKind,
): Framing {
  if (compression === "utf16le" || compression === "utf16be") {
    if (content === "lines") return "utf16";
    return content === "frames" || content === "body" ? "unknown" : content;
  }
  if (content === "lines") return compression === "none" ? "lines" : compression;
  if (content === "body") return "protobuf-body";
  if (content !== "frames") return content;
  if (frameKind === "zstd") return "zstd-frames";
  if (frameKind === "json") return "json-frames";
  if (frameKind === "protobuf-zstd") return "protobuf-zstd-frames";
  return compression === "zstd" ? "protobuf-zstd" : "protobuf-frames";
}

/**
 * Whether bytes are text, by their beginning: tabs, line ends, the escapes of colours and the mark in
 * front of a record of an RFC 7464 sequence are.
 */
export function isText(bytes: Buffer): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters mark binary files.
  return !/[\x00-\x08\x0e-\x1a\x1c\x1d\x1f]/.test(bytes.toString("latin1", 0, TEXT_BYTES));
}

/** Whether lines that begin like an object follow bytes of another kind. */
function holdsRequests(bytes: Buffer): boolean {
  return bytes.includes('\n{"') || bytes.includes('\n{ "');
}
