/**
 * What a terminal, a log or a reader's eye could be fooled by: C0 and C1
 * controls, bidirectional and other format characters, zero-width and tag code
 * points, line and paragraph separators, variation selectors that carry hidden
 * data, and halves of surrogate pairs. The emoji selector U+FE0F stays where it
 * follows a pictograph, the joiner U+200D where it stands between two of them:
 * what they make is one picture.
 */
const UNSAFE =
  /(?![\uFE0F\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?<!\p{Extended_Pictographic})\uFE0F|(?<!\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D|\u200D(?!\p{Extended_Pictographic})/gu;

/** Printable ASCII needs no look at its Unicode properties. */
const PRINTABLE_ASCII = /^[ -~]*$/;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * The text with every unsafe code point shown as an escape: `\n`, `\x1b`,
 * `\u202e`, `\u{e0041}`. Use it on anything that came from telemetry, a file
 * name or the engine before it goes to a terminal.
 */
export function escapeUnsafe(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(UNSAFE, (character) => SHORT[character] ?? codePointEscape(character));
}

/** As `escapeUnsafe`, but line feeds stay: for text that is meant to have lines. */
export function escapeUnsafeLines(text: string): string {
  return text.split("\n").map(escapeUnsafe).join("\n");
}

/**
 * JSON text with every unsafe code point as a `\uXXXX` escape. Loses nothing:
 * in valid JSON such code points stand only inside strings, or as white space
 * between tokens, which becomes a space.
 */
export function escapeJson(json: string): string {
  if (PRINTABLE_ASCII.test(json)) return json;
  return json.replace(UNSAFE, (character) => {
    if (character === "\n" || character === "\r" || character === "\t") return " ";
    return Array.from({ length: character.length }, (_, index) =>
      jsonUnit(character.charCodeAt(index)),
    ).join("");
  });
}

function codePointEscape(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}

function jsonUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}
