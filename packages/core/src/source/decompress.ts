import { type ByteReader, type ByteSource, chunkReader, skipBytes } from "./bytes.ts";
import type { Compression } from "./framing.ts";
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

/** Decompresses what a reader gives; `again` opens the packed bytes a second time, if it can. */
export function decompressedReader(
  packed: ByteReader,
  compression: Compression,
  codec: ZstdCodec,
  again?: () => ByteReader,
): ByteReader {
  switch (compression) {
    case "none":
      return packed;
    case "gzip":
      return chunkReader(gunzipChunks(packed, again));
    case "zstd":
      return chunkReader(zstdChunks(packed, codec));
    default:
      return chunkReader(utf8Chunks(packed, compression));
  }
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
