import { ByteCursor } from "../../otlp/scan/byte-cursor.ts";
import { RECORD_MARK } from "../../source/read/head.ts";
import { isJson } from "../../source/read/pretty.ts";

/** A value of JSON in a line: `line[start, end)`. */
export interface GluedValue {
  readonly start: number;
  readonly end: number;
}

/**
 * The objects and lists of JSON that a line consists of, one behind another with nothing but blanks
 * between them: what is sent without line feeds and put into one file, as Firehose does. Undefined
 * for a line with anything else in it.
 */
export function gluedValues(line: Buffer): readonly GluedValue[] | undefined {
  const cursor = new ByteCursor();
  const values: GluedValue[] = [];
  for (let start = afterBlanks(line, 0); start < line.length; ) {
    if (line[start] !== 0x7b && line[start] !== 0x5b) return undefined;
    cursor.open(line, start, line.length);
    const end = cursor.skipContainer();
    if (end < 0 || !isJson(line.toString("utf8", start, end))) return undefined;
    values.push({ start, end });
    start = afterBlanks(line, end);
  }
  return values.length === 0 ? undefined : values;
}

function afterBlanks(line: Buffer, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line[at] as number)) at++;
  return at;
}

/** A blank of JSON, or the mark in front of a record of an RFC 7464 sequence. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d) || byte === RECORD_MARK;
}
