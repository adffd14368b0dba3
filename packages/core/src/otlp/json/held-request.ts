import { Problems } from "../problems.ts";
import { beginsRequest } from "../request-start.ts";
import { AnyValueReader, plain } from "./any-value.ts";
import { parseExact } from "./exact-json.ts";
import { isObject } from "./read.ts";

/** Digits that a double may not hold, bare: in a text they stand behind its quote. */
const LONG_NUMBER = /[:[,]\s*-?\d{16}/;

/**
 * The text of the export request that a log record carries as its body: what a Collector's filelog
 * receiver makes of a line of telemetry, as the text it was or parsed. Undefined for other records.
 */
export function heldRequest(record: unknown): string | undefined {
  const body = isObject(record) ? record["body"] : undefined;
  if (!isObject(body)) return undefined;
  const text = body["stringValue"] ?? body["string_value"];
  if (typeof text === "string") return beginsRequest(text) ? text : undefined;
  if (body["kvlistValue"] === undefined && body["kvlist_value"] === undefined) return undefined;
  const json = plain(new AnyValueReader(new Problems()).value(body));
  return beginsRequest(json) ? json : undefined;
}

/** The request of such a text, its integers exact; undefined where it breaks off. */
export function parseHeld(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? parseExact(text) : JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
