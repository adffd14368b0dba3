/**
 * Standard input as text: UTF-8, or UTF-16 as some shells of Windows pipe it, with a byte order mark
 * or without. A mark is left out; bytes that are no character become U+FFFD.
 */
export function inputText(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === undefined || second === undefined) return "utf-8";
  // Text begins with a character of ASCII nearly always; its other half is zero then.
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return "utf-16be";
  return "utf-8";
}
