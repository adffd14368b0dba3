import type { ByteReader, StreamDamage } from "./bytes.ts";

/** Order of the two bytes of each unit of UTF-16. */
export type Utf16 = "utf16le" | "utf16be";

const CHUNK_BYTES = 64 * 1024;
/** Bytes that are enough to recognise UTF-16 without a byte order mark. */
const DETECTION_BYTES = 32;

/**
 * Says whether a file is UTF-16, as `>` of Windows PowerShell writes it: by its byte order mark, or
 * since its text is ASCII with a zero at every second byte. No other framing begins like that.
 */
export function detectUtf16(bytes: Buffer): Utf16 | undefined {
  if (bytes.length < 2) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe) return isUtf32(bytes) ? undefined : "utf16le";
  if (mark === 0xfeff) return "utf16be";
  const text = bytes.subarray(0, Math.min(DETECTION_BYTES, bytes.length & ~1));
  if (text.length < 4) return undefined;
  if (isSpacedText(text, 0, 1)) return "utf16le";
  return isSpacedText(text, 1, 0) ? "utf16be" : undefined;
}

/** Turns UTF-16 into UTF-8, without its byte order mark. Half a unit at the end waits for the rest. */
export async function* utf8Chunks(
  reader: ByteReader,
  order: Utf16,
): AsyncGenerator<Uint8Array | StreamDamage> {
  const decoder = new TextDecoder(order === "utf16le" ? "utf-16le" : "utf-16be");
  const block = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (;;) {
      const count = await reader.read(block, 0, block.length);
      if (count === 0) {
        if (reader.damage !== undefined) yield reader.damage;
        return;
      }
      const text = decoder.decode(block.subarray(0, count), { stream: true });
      if (text !== "") yield Buffer.from(text);
    }
  } finally {
    await reader.close?.();
  }
}

/** The mark of UTF-32 in little-endian order begins like that of UTF-16. */
function isUtf32(bytes: Buffer): boolean {
  return bytes.length >= 4 && bytes.readUInt32BE(0) === 0xfffe0000;
}

/** Whether every second byte is zero and every other one text. */
function isSpacedText(bytes: Buffer, text: 0 | 1, zero: 0 | 1): boolean {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    if (bytes[at + zero] !== 0 || !isPlainText(bytes[at + text] ?? 0)) return false;
  }
  return true;
}

function isPlainText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
