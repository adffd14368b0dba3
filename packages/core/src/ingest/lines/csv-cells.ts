import type { ParseJson } from "./prefix.ts";

/** The beginning of a quoted cell that holds an object or a list of objects. */
const CELL = /(?:^|[,;|\t])"(?=\s*(?:\{|\[\s*\{)\s*"")/g;
const SPEAKS = /""resource_?(?:logs|metrics|spans)""|""event\.name""/i;

/** The JSON in the quoted cells of a line of CSV, where quotes are doubled. Empty for other lines. */
export function jsonInCells(text: string, parse: ParseJson): readonly unknown[] {
  if (!SPEAKS.test(text)) return [];
  const found: unknown[] = [];
  for (const { index, 0: opening } of text.matchAll(CELL)) {
    const start = index + opening.length;
    try {
      found.push(parse(text.slice(start, endOfCell(text, start)).replaceAll('""', '"')));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return found;
}

/** Where the quote is that ends a cell, or the end of the text. */
function endOfCell(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? text.length : at;
}
