import { type ByteSource, LINE_FEED, rangeStream, readFully } from "../codec/bytes.ts";
import { detectCompression } from "../codec/compression.ts";
import { decompressedSource } from "../codec/decompress.ts";
import type { ZstdCodec } from "../codec/zstd-codec.ts";
import { FileBytes } from "./file-bytes.ts";
import { sha256 } from "./identity.ts";
import { inspect, speaksOfRequests } from "./inspect.ts";
import type { OpenedSource } from "./opened-source.ts";
import { FORMAT_BYTES, refuseOtherFormat } from "./other-format.ts";
import { type Origin, readItems } from "./read-items.ts";

/** What limits and drives the reading of a source. */
export interface ReadLimits {
  readonly maxLineBytes: number;
  readonly codec: ZstdCodec;
}

/** Enough of a file's beginning to hold the time of its first record. */
const FIRST_BYTES = 4096;
/** Enough of a file's end to hold the beginning of a request. */
const END_BYTES = 64 * 1024;

/** Opens a regular file. */
export async function openFile(path: string, limits: ReadLimits): Promise<OpenedSource> {
  const file = new FileBytes(path);
  try {
    return await openedFile(file, limits);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function openedFile(file: FileBytes, limits: ReadLimits): Promise<OpenedSource> {
  const { path } = file;
  const firstBytes = await readFully(file.reader(0), FIRST_BYTES);
  const compression = detectCompression(firstBytes);
  const stream = decompressedSource(file, compression, limits.codec);
  const start = compression === "none" ? firstBytes : await startOf(stream);
  refuseOtherFormat(path, start, compression);
  const inspected = await inspect(() => stream.reader(0), compression, limits.codec, false);
  const { framing, headHash, headComplete } = inspected;
  const holdsTelemetry = inspected.holdsTelemetry || (framing === "lines" && endSpeaks(file));
  const origin: Origin = {
    ...limits,
    get sizeBytes() {
      return file.sizeBytes;
    },
    get expectedBytes() {
      return compression === "none" ? file.sizeBytes : undefined;
    },
    reader: (from) => stream.reader(from),
    overflow: (offset) => ({
      write: () => undefined,
      reopen: (length) => () => rangeStream(stream, offset, length),
    }),
    rereadable: async () => stream,
  };
  return {
    path,
    framing,
    compression,
    get sizeBytes() {
      return file.sizeBytes;
    },
    headHash,
    headComplete,
    holdsTelemetry,
    inspected: file.openedAs,
    items: (from) => readItems(origin, inspected, from),
    fingerprintAt: (offset, length) => fingerprintAt(stream, offset, length),
    refresh: () => file.refresh(),
    keepsHead: () => keepsHead(file, firstBytes),
    lineEndsAfter: (offset) => lineEndsAfter(stream, offset),
    bytesConsumed: () => file.consumedBytes,
    close: async () => file.close(),
  };
}

async function startOf(stream: ByteSource): Promise<Buffer> {
  const reader = stream.reader(0);
  try {
    return await readFully(reader, FORMAT_BYTES);
  } finally {
    await reader.close?.();
  }
}

/** Whether requests stand at the end of a file that begins with other text. */
function endSpeaks(file: FileBytes): boolean {
  const from = Math.max(0, file.sizeBytes - END_BYTES);
  const bytes = Buffer.allocUnsafe(END_BYTES);
  return speaksOfRequests(bytes.subarray(0, file.readAt(bytes, 0, END_BYTES, from)));
}

function keepsHead(file: FileBytes, firstBytes: Buffer): boolean {
  const now = Buffer.allocUnsafe(firstBytes.length);
  return file.readAt(now, 0, now.length, 0) === now.length && now.equals(firstBytes);
}

async function lineEndsAfter(stream: ByteSource, offset: number): Promise<boolean> {
  const reader = stream.reader(offset);
  const block = Buffer.allocUnsafe(64 * 1024);
  try {
    for (;;) {
      const got = await reader.read(block, 0, block.length);
      if (got === 0 && (reader.damage === undefined || reader.damage.final)) return false;
      if (block.subarray(0, got).includes(LINE_FEED)) return true;
    }
  } finally {
    await reader.close?.();
  }
}

async function fingerprintAt(
  stream: ByteSource,
  offset: number,
  length: number,
): Promise<string | undefined> {
  const wanted = Math.min(length, offset);
  const reader = stream.reader(offset - wanted);
  try {
    const bytes = await readFully(reader, wanted);
    return bytes.length === wanted ? sha256(bytes) : undefined;
  } finally {
    await reader.close?.();
  }
}
