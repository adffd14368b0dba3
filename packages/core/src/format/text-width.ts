import measure from "fast-string-truncated-width";

const PRINTABLE_ASCII = /^[ -~]*$/;

/** Made when it is needed first: loading its tables takes longer than most tables take to draw. */
let graphemes: Intl.Segmenter | undefined;

/** How many columns of a terminal a text takes. */
export function textWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : measure(text).width;
}

/** The text cut to `width` columns, with `…` where something was cut. */
export function ellipsize(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const [head = ""] = takeColumns(text, width - 1);
  return `${head}…`;
}

/** The same with the start cut away: of a path the end says more. */
export function ellipsizeStart(text: string, width: number): string {
  const excess = textWidth(text) - width;
  return excess <= 0 ? text : `…${dropColumns(text, excess + 1)}`;
}

/** The text in lines of at most `width` columns, broken between words where they allow it. */
export function wrapText(text: string, width: number): readonly string[] {
  return wrapWords(text, width).flatMap((line) => hardWrap(line, width));
}

/** The text in lines of at most `width` columns, cut between graphemes. */
export function hardWrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (textWidth(rest) > width) {
    const [head, tail] = takeColumns(rest, width);
    if (head === "") break;
    lines.push(head);
    rest = tail;
  }
  return [...lines, rest];
}

/** The text in lines of at most `width` columns where its words allow it; `_` ends a word too. */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words(text)) {
    if (line !== "" && textWidth((line + word).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = word;
    } else {
      line += word;
    }
  }
  return [...lines, line.trimEnd()];
}

/** The width of the longest part that `wrapWords` cannot break. */
export function longestWord(text: string): number {
  return Math.max(0, ...words(text).map((word) => textWidth(word.trimEnd())));
}

function words(text: string): readonly string[] {
  return text.match(/[^ _]*[ _]+|[^ _]+/g) ?? [];
}

/** The longest start of the text that takes at most `width` columns, and the rest. */
function takeColumns(text: string, width: number): readonly [string, string] {
  if (PRINTABLE_ASCII.test(text)) return [text.slice(0, width), text.slice(width)];
  let used = 0;
  for (const { segment, index } of segments(text)) {
    used += textWidth(segment);
    if (used > width) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ""];
}

/** The text without the shortest start that takes at least so many columns. */
function dropColumns(text: string, columns: number): string {
  if (PRINTABLE_ASCII.test(text)) return text.slice(columns);
  let dropped = 0;
  for (const { segment, index } of segments(text)) {
    if (dropped >= columns) return text.slice(index);
    dropped += textWidth(segment);
  }
  return "";
}

function segments(text: string): Intl.Segments {
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return graphemes.segment(text);
}
