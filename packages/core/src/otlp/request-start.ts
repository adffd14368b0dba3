// biome-ignore lint/suspicious/noControlCharactersInRegex: the mark in front of a record (RFC 7464).
const REQUEST = /^[\s\x1e[]*\{\s*"resource_?(?:logs|metrics|spans)"/i;

/**
 * Whether a text begins as an export request does, or a list of them, in either spelling of its
 * first member; blanks and marks of records may stand in front.
 */
export function beginsRequest(text: string): boolean {
  return REQUEST.test(text);
}
