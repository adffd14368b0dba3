/** Reads a JSON text; throws a SyntaxError for any other. */
export type ParseJson = (text: string) => unknown;

/** What a program writes in front of a line is not longer, characters. */
const LONGEST_PREFIX = 1000;
/** So many places where JSON may begin are tried. */
const MOST_TRIES = 4;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes that colour a terminal.
const COLOUR = /\x1b\[[0-9;]*m/g;
/**
 * The end of a prefix: between it and JSON stands a blank, a sign, the end of a colour, or an equals
 * sign, or the mark of a record (RFC 7464). What ends otherwise is a torn piece of something else.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escapes of colours, marks of records.
const PREFIX_END = /(?:[\s\x1e|:>=)\]-]|\x1b\[[0-9;]*m)$/;

/** JSON that fills a text from a place on. */
export interface JsonBehind {
  readonly value: unknown;
  /** Index of its first character: what stands before is the prefix. */
  readonly start: number;
}

/**
 * The JSON that a text is, or that fills the rest of it behind a prefix: the name of a container, a
 * time, a severity. Undefined where there is none. Never throws.
 */
export function jsonBehind(text: string, parse: ParseJson): JsonBehind | undefined {
  const end = text.replace(COLOUR, (mark) => " ".repeat(mark.length)).trimEnd().length;
  let start = -1;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    start = nextObject(text, start + 1);
    if (start < 0 || (start > 0 && !isPrefix(text.slice(0, start)))) return undefined;
    try {
      return { value: parse(text.slice(start, end)), start };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/** Whether a text may stand in front of a request as what a program writes before each line. */
export function isPrefix(text: string): boolean {
  if (text.trim() === "") return true;
  return text.length <= LONGEST_PREFIX && !/[{}]/.test(text) && PREFIX_END.test(text);
}

function nextObject(text: string, from: number): number {
  const object = text.indexOf("{", from);
  const list = text.indexOf("[{", from);
  return list >= 0 && (object < 0 || list < object) ? list : object;
}
