import { bytesOfList } from "../../model/byte-list.ts";
import { isObject } from "../../otlp/json/read.ts";
import { jsonBehind, type ParseJson } from "./prefix.ts";

/** A request of bytes that are no text: protobuf or compressed; undefined where they are none. */
export type ReadBody = (bytes: Buffer, parse: ParseJson) => unknown;

/** What is looked for within a value. */
export interface Wanted {
  /** Makes a request of a value that is one, or can be written as one; undefined for others. */
  readonly asRequest: (value: unknown) => unknown;
  /** What a text that holds one speaks of. */
  readonly spokenOf: RegExp;
}

/** How deep requests are looked for: objects, lists and texts within texts each count as one. */
const MOST_DEPTH = 16;
const REQUEST_KEY = /resource_?(?:logs|metrics|spans)/i;
const LEAST_BASE64 = 64;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** The keys of an export request, as they are written and as they were declared. */
const requestKeys: readonly string[] = ["Logs", "Metrics", "Spans"].flatMap((signal) => [
  `resource${signal}`,
  `resource_${signal.toLowerCase()}`,
]);

/** Whether a value is an export request: an object with a list of resources of a signal. */
export function isRequest(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && requestKeys.some((key) => Array.isArray(value[key]));
}

/** The same, for what cannot be anything else, although its list may be none. */
export function hasRequestKey(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && requestKeys.some((key) => Object.hasOwn(value, key));
}

/** Export requests. */
export const requests: Wanted = {
  asRequest: (value) => (isRequest(value) ? withoutEnvelope(value) : undefined),
  spokenOf: REQUEST_KEY,
};

/** What senders, log drivers and shippers write beside the request, about the sending alone. */
const ABOUT_SENDING =
  /^(?:[@_].*|(?:time(?:stamp)?|ts|date|received_?at|kubernetes|docker|attrs|labels|tags?|headers|meta(?:data)?|agent|host|ecs|input)(?:_?ms|_?ns)?)$/i;

/** A request without what was written beside it about its sending: any text, and well-known names. */
export function withoutEnvelope(
  request: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const kept = Object.entries(request).filter(
    ([name, value]) =>
      requestKeys.includes(name) ||
      name === "__proto__" ||
      !(typeof value === "string" || ABOUT_SENDING.test(name)),
  );
  return Object.fromEntries(kept);
}

/**
 * The requests within a value of parsed JSON: members and elements that are one, and texts that
 * hold one as JSON, behind a prefix, in base64 or as a list of bytes. Never throws; the time is linear in the length.
 */
export function wantedWithin(
  value: unknown,
  parse: ParseJson,
  { asRequest, spokenOf }: Wanted,
  readBody: ReadBody | undefined,
): readonly unknown[] {
  const found: unknown[] = [];
  const walk = (each: unknown, depth: number): void => {
    const request = asRequest(each);
    if (request !== undefined) found.push(request);
    else if (depth === MOST_DEPTH) return;
    else if (typeof each === "string") readText(each, depth);
    else if (typeof each === "object" && each !== null) {
      const bytes = bytesOfList(each);
      if (bytes !== undefined && bytes.length > 0) readBytes(Buffer.from(bytes), depth);
      else for (const inner of Object.values(each)) walk(inner, depth + 1);
    }
  };
  const readText = (text: string, depth: number): void => {
    if (spokenOf.test(text)) {
      const json = jsonBehind(text, parse);
      if (json !== undefined) walk(json.value, depth + 1);
    } else if (text.length >= LEAST_BASE64 && BASE64.test(text)) {
      readBinary(Buffer.from(text, "base64"), depth);
    }
  };
  const readBytes = (bytes: Buffer, depth: number): void => {
    const text = bytes.toString("utf8");
    if (spokenOf.test(text)) readText(text, depth);
    else if (bytes.length >= LEAST_BASE64) readBinary(bytes, depth);
  };
  const readBinary = (bytes: Buffer, depth: number): void => {
    const body = readBody?.(bytes, parse);
    if (body !== undefined) walk(body, depth + 1);
  };
  walk(value, 0);
  return found;
}
