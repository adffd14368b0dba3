/** The first four bytes of a zstd frame, as they stand in the file. */
export const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
/** The most a block may decompress to (RFC 8878, 3.1.1.2.4). */
export const ZSTD_BLOCK_BYTES = 128 * 1024;
/** Memory a stranger's frame may ask for: what the zstd tool grants without `--long`. */
const ZSTD_WINDOW_BYTES = 128 * 1024 * 1024;

/** What a zstd frame's header says. */
export interface ZstdHeader {
  /** Length of the header with the magic number. */
  readonly headerBytes: number;
  /** Memory needed for decompression. */
  readonly windowBytes: number;
  /** The decompressed size, if the frame declares it. */
  readonly contentBytes: number | undefined;
  /** Four bytes of checksum follow the last block. */
  readonly checksum: boolean;
}

/** What a zstd block's header says. */
export interface ZstdBlock {
  readonly last: boolean;
  readonly kind: "raw" | "run" | "compressed";
  /** Bytes of the block in the file, without its header of three bytes. */
  readonly storedBytes: number;
}

/** The longest frame header. */
export const ZSTD_HEADER_BYTES = 18;

/**
 * Reads the header of the frame that begins at `at` (RFC 8878, 3.1.1.1); "short" when bytes are
 * missing, "bad" when it is no frame we can decompress.
 */
export function readZstdHeader(bytes: Buffer, at: number): ZstdHeader | "short" | "bad" {
  const available = bytes.length - at;
  const known = Math.min(available, ZSTD_MAGIC.length);
  if (!bytes.subarray(at, at + known).equals(ZSTD_MAGIC.subarray(0, known))) return "bad";
  if (available < 5) return "short";
  const descriptor = bytes.readUInt8(at + 4);
  if ((descriptor & 0x08) !== 0) return "bad";
  const single = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = 5 + (single ? 0 : 1) + dictionaryBytes;
  const headerBytes = sizeAt + sizeBytes;
  if (available < headerBytes) return "short";
  // Without its dictionary nothing can be made of the frame.
  if (dictionaryBytes > 0 && bytes.readUIntLE(at + sizeAt - dictionaryBytes, dictionaryBytes) > 0) {
    return "bad";
  }
  const contentBytes = contentSize(bytes, at + sizeAt, sizeBytes);
  const windowBytes = single ? (contentBytes ?? 0) : windowSize(bytes.readUInt8(at + 5));
  if (windowBytes > ZSTD_WINDOW_BYTES) return "bad";
  return { headerBytes, windowBytes, contentBytes, checksum: (descriptor & 0x04) !== 0 };
}

/** Reads the three bytes before a block (RFC 8878, 3.1.1.2); "bad" when no block can begin so. */
export function readZstdBlock(bytes: Buffer, at: number): ZstdBlock | "bad" {
  const header = bytes.readUIntLE(at, 3);
  const size = header >> 3;
  const kind = (["raw", "run", "compressed"] as const)[(header >> 1) & 3];
  if (kind === undefined || size > ZSTD_BLOCK_BYTES) return "bad";
  return { last: (header & 1) === 1, kind, storedBytes: kind === "run" ? 1 : size };
}

/** The length of a skippable frame that begins at `at`, its header included; undefined when none. */
export function skippableBytes(bytes: Buffer, at: number): number | undefined {
  if (bytes.length - at < 8) return undefined;
  const isSkippable = (bytes.readUInt32LE(at) & 0xfffffff0) >>> 0 === 0x184d2a50;
  return isSkippable ? 8 + bytes.readUInt32LE(at + 4) : undefined;
}

function contentSize(bytes: Buffer, at: number, sizeBytes: number): number | undefined {
  if (sizeBytes === 0) return undefined;
  if (sizeBytes === 8) return Number(bytes.readBigUInt64LE(at));
  const size = bytes.readUIntLE(at, sizeBytes);
  return sizeBytes === 2 ? size + 256 : size;
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}
