import { detectUtf16, type Utf16 } from "./utf16.ts";
import { ZSTD_MAGIC } from "./zstd-frame.ts";

/** What the whole stream is packed in; UTF-16 is unpacked to UTF-8. */
export type Compression = "none" | "gzip" | "zstd" | Utf16;

/** Bytes of a beginning that are enough for `detectCompression`. */
export const DETECTION_BYTES = 64;

/** Says by its first bytes what a file is packed in. */
export function detectCompression(bytes: Buffer): Compression {
  if (bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0x1f8b08) return "gzip";
  const utf16 = detectUtf16(bytes);
  if (utf16 !== undefined) return utf16;
  if (bytes.length < 4) return "none";
  if (bytes.subarray(0, 4).equals(ZSTD_MAGIC)) return "zstd";
  return (bytes.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50 ? "zstd" : "none";
}
