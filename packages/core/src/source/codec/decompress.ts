import { type ByteReader, type ByteSource, chunkReader, peekedReader, skipBytes } from "./bytes.ts";
import { type Compression, DETECTION_BYTES, detectCompression } from "./compression.ts";
import { gunzipChunks } from "./gzip.ts";
import { utf8Chunks } from "./utf16.ts";
import { zstdChunks } from "./zstd.ts";
import type { ZstdCodec } from "./zstd-codec.ts";

/** The decompressed stream of a compressed one; each reader starts from the beginning and skips. */
export function decompressedSource(
  packed: ByteSource,
  compression: Compression,
  codec: ZstdCodec,
): ByteSource {
  if (compression === "none") return packed;
  return {
    reader(from) {
      const again = () => packed.reader(0);
      return skippingReader(decompressedReader(again(), compression, codec, again), from);
    },
  };
}

/** Packings within one another that are unpacked: a log that was compressed twice, UTF-16 in gzip. */
const MOST_LAYERS = 3;

/** Decompresses what a reader gives; `again` opens the packed bytes a second time, if it can. */
export function decompressedReader(
  packed: ByteReader,
  compression: Compression,
  codec: ZstdCodec,
  again?: () => ByteReader,
  layers = MOST_LAYERS,
): ByteReader {
  switch (compression) {
    case "none":
      return packed;
    case "gzip":
      return withinReader(chunkReader(gunzipChunks(packed, again)), codec, layers - 1);
    case "zstd":
      return withinReader(chunkReader(zstdChunks(packed, codec)), codec, layers - 1);
    default:
      return chunkReader(utf8Chunks(packed, compression));
  }
}

/** Unpacks what was packed again within a packing. */
function withinReader(reader: ByteReader, codec: ZstdCodec, layers: number): ByteReader {
  if (layers === 0) return reader;
  let inner: ByteReader | undefined;
  return {
    get damage() {
      return inner?.damage;
    },
    async read(into, at, length) {
      if (inner === undefined) {
        const peeked = await peekedReader(reader, DETECTION_BYTES);
        const compression = detectCompression(peeked.first);
        inner = decompressedReader(peeked.reader, compression, codec, undefined, layers);
      }
      return inner.read(into, at, length);
    },
    async close() {
      await inner?.close?.();
      await reader.close?.();
    },
  };
}

/** Passes the first `count` bytes before it gives any. */
export function skippingReader(reader: ByteReader, count: number): ByteReader {
  let left = count;
  return {
    get damage() {
      return reader.damage;
    },
    async read(into, at, length) {
      if (left > 0) {
        const skipped = await skipBytes(reader, left);
        if (skipped < left) return 0;
        left = 0;
      }
      return reader.read(into, at, length);
    },
    close: () => reader.close?.(),
  };
}
