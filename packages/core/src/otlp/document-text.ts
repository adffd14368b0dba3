import { jsonParser } from "stream-json/core/parser.js";
import { createTokenReader, endOfText, type JsonEvents, type TokenReader } from "./json-tokens.ts";

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
        feedPieces(feeder, events, window, decoder.decode(window, { stream: true }), offset + start);
      }
      offset += chunk.length;
    }
    feeder.feed(decoder.decode());
    feeder.end();
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
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Feeds a window in pieces that end with a closing brace: the parser gives the
 * tokens of a piece only when all of it is good, so no element is lost that
 * ends before a fault.
 */
function feedPieces(
  feeder: Feeder,
  events: TextEvents,
  bytes: Uint8Array,
  text: string,
  offset: number,
): void {
  let from = 0;
  let fromByte = 0;
  while (from < text.length) {
    const brace = text.indexOf("}", from);
    events.at(offset + fromByte);
    feeder.feed(text.slice(from, brace < 0 ? text.length : brace + 1));
    if (brace < 0) {
      return;
    }
    from = brace + 1;
    fromByte = bytes.indexOf(closingBrace, fromByte) + 1;
  }
}

interface Feeder {
  feed(piece: string): void;
  end(): void;
}

/** The start of an export request, as nothing else in OTLP/JSON looks. */
const requestStart = /\{\s*"(?:resource(?:Logs|Metrics|Spans)|resource_(?:logs|metrics|spans))"\s*:/g;

/** A request's start that was cut by the end of a piece begins within this many characters. */
const tailLength = 128;

/** Containers within containers beyond which a text is garbage: they would fill the memory. */
const depthLimit = 10_000;

function createFeeder(events: TextEvents, textLimit: number): Feeder {
  let parse = jsonParser({ packValues: false, jsonStreaming: true });
  let reader = newReader();
  let lost = false;
  let tail = "";

  function newReader(): TokenReader {
    return createTokenReader(events, {
      textLimit,
      isStray: (key) => events.isGlued(key),
      keepsText: () => events.keepsText(),
    });
  }

  /** Reads on with a piece; the fault, if there is one. */
  function read(piece: string): { fault: TextFault; detail: string } | undefined {
    const tokens = tokensOf(parse, piece);
    if (typeof tokens === "string") {
      return { fault: "syntax", detail: tokens };
    }
    if (reader.read(tokens) === "stray") {
      return { fault: "glued", detail: "a request begins within another" };
    }
    return reader.depth() > depthLimit
      ? { fault: "too-deep", detail: `more than ${depthLimit} containers within one another` }
      : undefined;
  }

  /** Gives up what is open and begins anew, in a list where there was one. */
  function restart(fault: TextFault, detail: string): void {
    const list = events.inList();
    events.broken(fault, detail);
    parse = jsonParser({ packValues: false, jsonStreaming: true });
    reader = newReader();
    if (list) {
      read("[");
    }
  }

  function feed(piece: string): void {
    let rest: string | undefined = lost ? textFrom(tail + piece, tail.length) : piece;
    let first = !lost;
    lost = false;
    while (rest !== undefined) {
      const failure = read(rest);
      if (failure === undefined) {
        break;
      }
      restart(failure.fault, failure.detail);
      rest = first ? textFrom(tail + rest, tail.length) : textFrom(rest.slice(1), 0);
      first = false;
    }
    lost = rest === undefined;
    tail = (tail + piece).slice(-tailLength);
  }

  return {
    feed,
    end() {
      feed(endOfText);
      if (!lost && reader.isOpen()) {
        events.broken("truncated", "the text ends before it is whole");
      }
    },
  };
}

/** The tokens of a piece, or the parser's message where it is no JSON. */
function tokensOf(
  parse: ReturnType<typeof jsonParser>,
  piece: string,
): string | Parameters<TokenReader["read"]>[0] {
  try {
    const tokens = parse(piece);
    return typeof tokens === "symbol" ? [] : tokens.values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
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
