import {
  type ByteReader,
  type ByteSource,
  rangeStream,
  readFully,
  skipBytes,
} from "../codec/bytes.ts";
import type { ZstdCodec } from "../codec/zstd-codec.ts";
import { damaged } from "./damage.ts";
import { readFrames } from "./frames.ts";
import type { Content } from "./framing.ts";
import type { Inspection } from "./inspect.ts";
import type { SourceItem } from "./items.ts";
import { type OverflowSink, readLines } from "./lines.ts";

/** Where the bytes of a source come from: a file, or standard input. */
export interface Origin {
  /** Bytes on disk; undefined for standard input. */
  readonly sizeBytes: number | undefined;
  /** Length of the stream, when known. */
  readonly expectedBytes: number | undefined;
  readonly maxLineBytes: number;
  readonly codec: ZstdCodec;
  /** The (decompressed) stream from an offset on. */
  reader(from: number): ByteReader;
  /** Where a line too long for memory goes. */
  overflow(offset: number): OverflowSink;
  /** The whole stream, so that it can be read more than once. */
  rereadable(): Promise<ByteSource>;
}

/** The items of a source from an offset on. */
export async function* readItems(
  origin: Origin,
  inspected: Inspection,
  from: number,
): AsyncGenerator<SourceItem> {
  yield* readers[inspected.content](origin, inspected, from);
}

type ItemReader = (
  origin: Origin,
  inspected: Inspection,
  from: number,
) => AsyncIterable<SourceItem> | Iterable<SourceItem>;

const readers: Record<Content, ItemReader> = {
  async *lines(origin, inspected, from) {
    const start = Math.max(from, inspected.bomBytes);
    const reader = origin.reader(start);
    const { maxLineBytes } = origin;
    const expectedBytes =
      origin.expectedBytes === undefined ? undefined : origin.expectedBytes - start;
    const overflow = (offset: number) => origin.overflow(offset);
    try {
      yield* readLines(reader, { from: start, maxLineBytes, expectedBytes, overflow });
    } finally {
      await reader.close?.();
    }
  },

  async *frames(origin, _inspected, from) {
    const { maxLineBytes, codec } = origin;
    const reader = origin.reader(from);
    try {
      yield* readFrames(reader, { from, maxLineBytes, codec });
    } finally {
      await reader.close?.();
    }
  },

  async *document(origin, inspected, from) {
    const offset = Math.max(from, inspected.bomBytes);
    const source = await origin.rereadable();
    const length = origin.expectedBytes ?? (await streamLength(source));
    if (offset >= length) return;
    const rest = length - offset;
    yield {
      kind: "document",
      offset,
      length: rest,
      open: () => rangeStream(source, offset, rest),
    };
  },

  async *body(origin, inspected, from) {
    if (from > 0) return;
    const reader = origin.reader(0);
    try {
      const bytes = await readFully(reader, origin.maxLineBytes + 1);
      if (bytes.length <= origin.maxLineBytes) {
        yield { kind: "message", bytes, offset: 0, length: bytes.length };
        return;
      }
      const detail = "The request is longer than what is held in memory.";
      const length = origin.expectedBytes ?? bytes.length;
      yield damaged(0, length, "frame-too-large", detail, inspected.firstBytes);
    } finally {
      await reader.close?.();
    }
  },

  empty: () => [],

  *unknown(origin, inspected, from) {
    const length = origin.sizeBytes ?? inspected.firstBytes.length;
    if (from >= length) return;
    const detail = describeUnknown(inspected.firstBytes);
    yield damaged(from, length - from, "unknown-format", detail, inspected.firstBytes);
  },
};

async function streamLength(source: ByteSource): Promise<number> {
  const reader = source.reader(0);
  try {
    return await skipBytes(reader, Number.MAX_SAFE_INTEGER);
  } finally {
    await reader.close?.();
  }
}

/** What is said of bytes that are no telemetry, and none of the formats that have a name. */
export function describeUnknown(bytes: Buffer): string {
  return `This is no OpenTelemetry file: it begins with the bytes ${bytes.toString("hex", 0, 8)}.`;
}
