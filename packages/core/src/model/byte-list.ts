/**
 * The bytes that a list of numbers is, as journalctl writes a text with characters that cannot be
 * printed, and Node.js a buffer. Undefined for any other value.
 */
export function bytesOfList(value: unknown): Uint8Array | undefined {
  if (!Array.isArray(value) || !value.every(isByte)) return undefined;
  return Uint8Array.from(value);
}

/** A text, also as the list of its bytes in UTF-8. Undefined for any other value. */
export function textOrBytes(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const bytes = bytesOfList(value);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

function isByte(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;
}
