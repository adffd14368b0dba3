import { type MessageName, namesOfField } from "@cctelemetry/core/otlp";
import { checkPartSize, type Dissection, type ListField } from "./dissection.ts";
import { NotOtlp, quoted } from "./scalars.ts";
import { parse, writeJsonText } from "./written.ts";

/** Where a value stands in the text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const LIST_START = 0x5b;
const LIST_END = 0x5d;
const OBJECT_START = 0x7b;
const OBJECT_END = 0x7d;

/**
 * Takes a request in JSON apart. Only values that are written are parsed; what
 * is unknown is passed over by its brackets and quotes. `names` are those of the
 * members that the request has, apart from null.
 */
export function dissectJson(
  body: Buffer,
): Dissection<Span> & { readonly names: readonly string[] } {
  const root = valueAt(body, spaceEnd(body, 0));
  if (spaceEnd(body, root.end) !== body.length) throw notJson(body, root.end);
  if (body[root.start] !== OBJECT_START) throw new NotOtlp("the body is no export request");
  const found = members(body, root);
  return {
    names: [...found].flatMap(([name, span]) => (isNull(body, span) ? [] : [name])),
    request: (list) => elementsOf(body, found, list),
    entry: (part, context, list) => {
      if (isNull(body, part)) return { context: undefined, elements: [], schemaUrl: "" };
      if (body[part.start] !== OBJECT_START) throw new NotOtlp(`${context} entry is no object`);
      const found = members(body, part);
      return {
        context: given(body, found, context),
        elements: elementsOf(body, found, list),
        schemaUrl: schemaUrlOf(body, found),
      };
    },
    write: (part, message: MessageName) => {
      if (part === undefined) return writeJsonText("{}", message);
      checkPartSize(part.end - part.start);
      return writeJsonText(textOf(body, part), message);
    },
  };
}

function textOf(body: Buffer, { start, end }: Span): string {
  return body.toString("utf8", start, end);
}

/** A member by any of its names; null counts as absent. */
function given(body: Buffer, found: ReadonlyMap<string, Span>, name: string): Span | undefined {
  for (const each of namesOfField(name)) {
    const span = found.get(each);
    if (span !== undefined && !isNull(body, span)) return span;
  }
  return undefined;
}

function schemaUrlOf(body: Buffer, found: ReadonlyMap<string, Span>): string {
  const span = given(body, found, "schemaUrl");
  const value = span === undefined ? "" : parse(textOf(body, span), JSON.parse);
  if (typeof value !== "string") throw new NotOtlp("schemaUrl is not a string");
  return value === "" ? "" : quoted(value);
}

function elementsOf(
  body: Buffer,
  found: ReadonlyMap<string, Span>,
  { name }: ListField,
): Iterable<Span> {
  const list = given(body, found, name);
  if (list === undefined) return [];
  if (body[list.start] !== LIST_START) throw new NotOtlp(`${name} is not a list`);
  return elements(body, list);
}

/** The members of an object; the last of equal names counts. */
function members(body: Buffer, { start }: Span): ReadonlyMap<string, Span> {
  const found = new Map<string, Span>();
  let at = spaceEnd(body, start + 1);
  if (body[at] === OBJECT_END) return found;
  for (;;) {
    if (body[at] !== QUOTE) throw notJson(body, at);
    const key = valueAt(body, at);
    const colon = spaceEnd(body, key.end);
    if (body[colon] !== COLON) throw notJson(body, colon);
    const value = valueAt(body, spaceEnd(body, colon + 1));
    found.set(String(parse(textOf(body, key), JSON.parse)), value);
    at = spaceEnd(body, value.end);
    if (body[at] === OBJECT_END) return found;
    if (body[at] !== COMMA) throw notJson(body, at);
    at = spaceEnd(body, at + 1);
  }
}

function* elements(body: Buffer, { start }: Span): Generator<Span> {
  let at = spaceEnd(body, start + 1);
  if (body[at] === LIST_END) return;
  for (;;) {
    const value = valueAt(body, at);
    yield value;
    at = spaceEnd(body, value.end);
    if (body[at] === LIST_END) return;
    if (body[at] !== COMMA) throw notJson(body, at);
    at = spaceEnd(body, at + 1);
  }
}

/** The value that begins here. What stands in its brackets is looked at when it is parsed. */
function valueAt(body: Buffer, start: number): Span {
  const first = body[start];
  if (first === QUOTE) return { start, end: stringEnd(body, start) };
  if (first === OBJECT_START || first === LIST_START)
    return { start, end: containerEnd(body, start) };
  let end = start;
  while (isWord(body[end])) end += 1;
  if (end === start) throw notJson(body, start);
  return { start, end };
}

function containerEnd(body: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) at = stringEnd(body, at) - 1;
    else if (byte === OBJECT_START || byte === LIST_START) depth += 1;
    else if (byte === OBJECT_END || byte === LIST_END) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  throw notJson(body, body.length);
}

function stringEnd(body: Buffer, start: number): number {
  for (let at = start + 1; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) return at + 1;
  }
  throw notJson(body, body.length);
}

function spaceEnd(body: Buffer, from: number): number {
  let at = from;
  while (body[at] === 0x20 || body[at] === 0x0a || body[at] === 0x0d || body[at] === 0x09) at += 1;
  return at;
}

/** Of numbers, true, false and null. */
function isWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
  return isDigit || isLetter || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}

function isNull(body: Buffer, { start, end }: Span): boolean {
  return end - start === 4 && textOf(body, { start, end }) === "null";
}

function notJson(body: Buffer, at: number): NotOtlp {
  const where = at >= body.length ? "it breaks off" : `unexpected byte at position ${at}`;
  return new NotOtlp(`the body is not JSON: ${where}`);
}
