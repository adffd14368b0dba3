import { type ByteReader, readFully } from "../codec/bytes.ts";
import type { Compression } from "../codec/compression.ts";
import type { ZstdCodec } from "../codec/zstd-codec.ts";
import { type FrameStart, LENGTH_BYTES, readFrameStart } from "./frame-start.ts";
import { decompressFrame, readFrames } from "./frames.ts";
import {
  type Content,
  detectContent,
  type FrameKind,
  type Framing,
  findFirstFrame,
  framingOf,
} from "./framing.ts";
import { HEAD_BYTES, type Head, readHead } from "./head.ts";
import { contentIdentity, type Identity, lineIdentity } from "./identity.ts";

const FIRST_BYTES = 512;

/** What the beginning of a stream shows about all of it. */
export interface Inspection extends Identity {
  readonly framing: Framing;
  readonly content: Content;
  /** Length of the byte order mark in front of lines or a document. */
  readonly bomBytes: number;
  /** The first bytes that are not blank: enough to know a format of another program by. */
  readonly firstBytes: Buffer;
  /** Requests were seen, not only something that could hold them. */
  readonly holdsTelemetry: boolean;
}

/**
 * Reads the beginning of the (decompressed) stream. `open` gives it from its first byte each time;
 * `peeked`: it gives only a part of a longer stream.
 */
export async function inspect(
  open: () => ByteReader,
  compression: Compression,
  codec: ZstdCodec,
  peeked: boolean,
): Promise<Inspection> {
  const seen = await readHead(open());
  const head: Head = { ...seen, ended: seen.ended && !peeked };
  const content = detectContent(head);
  const text = head.bytes.subarray(head.start);
  const frame = content === "frames" ? await inspectFrame(open, head, codec) : undefined;
  return {
    framing: framingOf(compression, content, frame?.kind ?? "protobuf"),
    content,
    bomBytes: head.bomBytes,
    firstBytes: Buffer.from(text.subarray(0, FIRST_BYTES)),
    holdsTelemetry: frame?.holdsTelemetry ?? (content === "body" || speaksOfRequests(text)),
    ...(frame?.identity ?? textIdentity(content, text)),
  };
}

/**
 * A key of a request, in the Collector's spelling or the original one, also within a string, or what
 * only a flattened record has; "resource" as base64 or as a list of bytes.
 */
const REQUESTS =
  /"(?:resource_?(?:logs|metrics|spans|profiles)|scope_?(?:logs|metrics|spans)|(?:Log|Span|Resource)Attributes)\\*"|"event[._]name\\*"+\s*:|"eyJyZXNvdXJjZ|114,\s*101,\s*115,\s*111,\s*117,\s*114,\s*99,\s*101,/i;

/** Whether text holds requests, or the beginning or end of some. */
export function speaksOfRequests(text: Buffer): boolean {
  return REQUESTS.test(text.toString("latin1"));
}

function textIdentity(content: Content, text: Buffer): Identity {
  return content === "lines" ? lineIdentity(text) : contentIdentity(text, content !== "empty");
}

const NO_FRAME: FrameStart = { kind: "protobuf", length: 0 };

/** The kind of the first frame, and the identity by the first content that can be read. */
async function inspectFrame(
  open: () => ByteReader,
  head: Head,
  codec: ZstdCodec,
): Promise<{ kind: FrameKind; identity: Identity; holdsTelemetry: boolean }> {
  const at = findFirstFrame(head) ?? 0;
  const start = readFrameStart(head.bytes, at);
  const { kind, length } = typeof start === "string" ? NO_FRAME : start;
  const identity = await firstContent(open, codec);
  if (kind === "zstd") {
    // The head is enough to detect what is compressed even when the frame is longer.
    const packed = head.bytes.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length);
    const { bytes } = await decompressFrame(packed, HEAD_BYTES, codec);
    const inner = bytes[0] === 0x0a ? "protobuf-zstd" : "zstd";
    const holdsTelemetry = inner !== "zstd" || speaksOfRequests(bytes);
    return { kind: inner, identity, holdsTelemetry };
  }
  const holdsTelemetry = kind === "protobuf" || speaksOfRequests(head.bytes);
  return { kind, identity, holdsTelemetry };
}

async function firstContent(open: () => ByteReader, codec: ZstdCodec): Promise<Identity> {
  const reader = open();
  try {
    const options = { from: 0, maxLineBytes: 32 * 1024 * 1024, codec };
    for await (const item of readFrames(reader, options)) {
      if (item.kind === "payload") return { ...lineIdentity(item.bytes), headComplete: true };
      if (item.kind === "message") return contentIdentity(item.bytes, true);
      if (item.kind === "tail") return contentIdentity(item.bytes, false);
    }
    return contentIdentity(await readFully(open(), 64 * 1024), true);
  } finally {
    await reader.close?.();
  }
}
