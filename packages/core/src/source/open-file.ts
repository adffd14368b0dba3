import { type ByteSource, rangeStream, readFully } from "./bytes.ts";
import { decompressedSource } from "./decompress.ts";
import { FileBytes } from "./file-bytes.ts";
import { detectCompression } from "./framing.ts";
import { sha256 } from "./identity.ts";
import { inspect } from "./inspect.ts";
import type { OpenedSource } from "./open.ts";
import { type Origin, readItems } from "./read-items.ts";
import type { ZstdCodec } from "./zstd-codec.ts";

/** What limits and drives the reading of a source. */
export interface ReadLimits {
  readonly maxLineBytes: number;
  readonly codec: ZstdCodec;
}

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
  const { path, sizeBytes } = file;
  const compression = detectCompression(await readFully(file.reader(0), 4));
  const stream = decompressedSource(file, compression, limits.codec);
  const inspected = await inspect(() => stream.reader(0), compression, limits.codec, false);
  const { framing, headHash, headComplete, holdsTelemetry } = inspected;
  const origin: Origin = {
    ...limits,
    sizeBytes,
    expectedBytes: compression === "none" ? sizeBytes : undefined,
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
    sizeBytes,
    headHash,
    headComplete,
    holdsTelemetry,
    items: (from) => readItems(origin, inspected, from),
    guardAt: (offset, length) => guardAt(stream, offset, length),
    bytesConsumed: () => file.consumedBytes,
    close: async () => file.close(),
  };
}

async function guardAt(
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
