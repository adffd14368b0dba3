import { jsonParser, type Token } from "stream-json/core/parser.js";
import { messageOf } from "../../errors.ts";
import {
  createTokenReader,
  endOfText,
  type JsonEvents,
  readTokens,
  type TokenReader,
} from "../json/tokens.ts";

/** Why a text could not be read on. */
export type TextFault = "syntax" | "truncated" | "glued" | "too-deep" | "read-failed";

/** The events of a text that may be torn. */
export interface TextEvents extends JsonEvents {
  /** What follows was found at or after this byte. */
  at(offset: number): void;
  /** Whether a key shows that what is open was torn and a whole request glued to it. */
  isGlued(key: string): boolean;
  /** Whether the strings and numbers of what is open are wanted. */
  keepsText(): boolean;
  /** Whether what is open stands in a list of requests. */
  inList(): boolean;
  /** What is open will not be closed; the next event is at the top again. */
  broken(fault: TextFault, detail: string): void;
}

/**
 * Reads concatenated JSON texts of any length with flat memory.
 *
 * After a fault it goes on at the next text that looks like the start of an
 * export request, so that what a torn line swallowed is not lost. A failing
 * source is a fault too. Throws only what the events throw.
 */
export async function readText(
  source: AsyncIterable<Uint8Array>,
  events: TextEvents,
  textLimit: number,
): Promise<void> {
  const feeder = createFeeder(events, textLimit);
  const decoder = new TextDecoder();
  const chunks = source[Symbol.asyncIterator]();
  let offset = 0;
  try {
    for (;;) {
      const chunk = await nextChunk(chunks);
      if (typeof chunk === "string") {
        events.broken("read-failed", chunk);
        return;
      }
      if (chunk === undefined) {
        break;
      }
      for (let start = 0; start < chunk.length; start += windowBytes) {
        const window = chunk.subarray(start, start + windowBytes);
        feedPieces(feeder, window, decoder.decode(window, { stream: true }), offset + start);
      }
      offset += chunk.length;
    }
    feed(feeder, decoder.decode());
    finish(feeder);
  } finally {
    await chunks.return?.();
  }
}

/**
 * Bytes decoded at a time. The strings of a value are slices of such a window
 * and keep it in memory, so it is small.
 */
const windowBytes = 8192;

const closingBrace = 0x7d;

/** The next chunk, undefined at the end, or the message of the failure. */
async function nextChunk(
  chunks: AsyncIterator<Uint8Array>,
): Promise<Uint8Array | string | undefined> {
  try {
    const next = await chunks.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Feeds a window in pieces that end with a closing brace: the parser gives the
 * tokens of a piece only when all of it is good, so no element is lost that
 * ends before a fault.
 */
function feedPieces(feeder: Feeder, bytes: Uint8Array, text: string, offset: number): void {
  let from = 0;
  let fromByte = 0;
  while (from < text.length) {
    const brace = text.indexOf("}", from);
    feeder.events.at(offset + fromByte);
    feed(feeder, text.slice(from, brace < 0 ? text.length : brace + 1));
    if (brace < 0) {
      return;
    }
    from = brace + 1;
    fromByte = bytes.indexOf(closingBrace, fromByte) + 1;
  }
}

/** The start of an export request, as nothing else in OTLP/JSON looks. */
const requestStart =
  /\{\s*"(?:resource(?:Logs|Metrics|Spans)|resource_(?:logs|metrics|spans))"\s*:/g;

/** A request's start that was cut by the end of a piece begins within this many characters. */
const tailLength = 128;

/** Containers within containers beyond which a text is garbage: they would fill the memory. */
const depthLimit = 1_000_000;

type Parser = ReturnType<typeof jsonParser>;

interface Feeder {
  readonly events: TextEvents;
  readonly textLimit: number;
  parse: Parser;
  reader: TokenReader;
  /** Whether the text is torn here and the start of the next request is looked for. */
  lost: boolean;
  tail: string;
}

interface Failure {
  readonly fault: TextFault;
  readonly detail: string;
}

const newParser = (): Parser => jsonParser({ packValues: false, jsonStreaming: true });

function newReader(events: TextEvents, textLimit: number): TokenReader {
  return createTokenReader(events, {
    textLimit,
    isStray: (key) => events.isGlued(key),
    keepsText: () => events.keepsText(),
  });
}

function createFeeder(events: TextEvents, textLimit: number): Feeder {
  const reader = newReader(events, textLimit);
  return { events, textLimit, parse: newParser(), reader, lost: false, tail: "" };
}

/** Reads a piece, or looks in it for the start of the next request. */
function feed(feeder: Feeder, piece: string): void {
  const seen = feeder.tail.length;
  let first = !feeder.lost;
  let rest = first ? piece : textFrom(feeder.tail + piece, seen);
  while (rest !== undefined) {
    const failure = read(feeder, rest);
    if (failure === undefined) {
      break;
    }
    restart(feeder, failure);
    rest = first ? textFrom(feeder.tail + rest, seen) : textFrom(rest.slice(1), 0);
    first = false;
  }
  feeder.lost = rest === undefined;
  feeder.tail = (feeder.tail + piece).slice(-tailLength);
}

function finish(feeder: Feeder): void {
  feed(feeder, endOfText);
  if (!feeder.lost && (feeder.reader.depth > 0 || feeder.reader.inText)) {
    feeder.events.broken("truncated", "the text ends before it is whole");
  }
}

function read(feeder: Feeder, piece: string): Failure | undefined {
  const tokens = tokensOf(feeder.parse, piece);
  if (typeof tokens === "string") {
    return { fault: "syntax", detail: tokens };
  }
  if (readTokens(feeder.reader, tokens) === "stray") {
    return { fault: "glued", detail: "a request begins within another" };
  }
  return feeder.reader.depth > depthLimit
    ? { fault: "too-deep", detail: `more than ${depthLimit} containers within one another` }
    : undefined;
}

/** Gives up what is open and restarts, in a list if there was one. */
function restart(feeder: Feeder, { fault, detail }: Failure): void {
  const { events, textLimit } = feeder;
  const list = events.inList();
  events.broken(fault, detail);
  feeder.parse = newParser();
  feeder.reader = newReader(events, textLimit);
  if (list) {
    read(feeder, "[");
  }
}

/** The tokens of a piece, or the parser's message where it is no JSON. */
function tokensOf(parse: Parser, piece: string): string | readonly Token[] {
  try {
    const tokens = parse(piece);
    return typeof tokens === "symbol" ? [] : tokens.values;
  } catch (error) {
    return messageOf(error);
  }
}

/** The text from the first start of a request on that ends after `seen` characters. */
function textFrom(text: string, seen: number): string | undefined {
  for (const match of text.matchAll(requestStart)) {
    if (match.index + match[0].length > seen) {
      return text.slice(match.index);
    }
  }
  return undefined;
}
