import type { Token } from "stream-json/core/parser.js";

/** What happens in a JSON text, in its order. */
export interface JsonEvents {
  open(container: "object" | "array"): void;
  close(): void;
  key(name: string): void;
  /** A string, a boolean, null, or a number as `exactNumber` gives it. */
  scalar(value: unknown): void;
}

/** What bounds a reader. */
export interface TokenLimits {
  /**
   * Keys, strings and numbers are cut at about this many characters; the caller
   * notices by the offset that something was too long.
   */
  readonly textLimit: number;
  /** Whether a key cannot stand where it does, so that the text before it is torn. */
  readonly isStray: (key: string) => boolean;
  /** Whether strings and numbers are wanted; where not, they come as they may. */
  readonly keepsText: () => boolean;
}

/** A reader of tokens and how far it is. */
export interface TokenReader {
  readonly events: JsonEvents;
  readonly limits: TokenLimits;
  /** Containers that are open. */
  depth: number;
  /** Whether a key, a string or a number is open. */
  inText: boolean;
  text: string;
  kept: boolean;
}

/**
 * Makes a reader of tokens in which keys, strings and numbers come in chunks
 * (`packValues: false`), so that nothing long is ever held against the limit.
 */
export function createTokenReader(events: JsonEvents, limits = unlimited): TokenReader {
  return { events, limits, depth: 0, inText: false, text: "", kept: true };
}

/** Turns tokens into events; `stray` where a key was, and the rest was left. */
export function readTokens(reader: TokenReader, tokens: readonly Token[]): "read" | "stray" {
  for (const token of tokens) {
    const value = "value" in token && typeof token.value === "string" ? token.value : "";
    if (handlers[token.name](reader, value) === "stray") {
      return "stray";
    }
  }
  return "read";
}

/** Space enough that the parser waits no more for the rest of a number or a word. */
export const endOfText = " ".repeat(32);

/**
 * The number that JSON text means; integers that a double does not hold stay
 * text, which is their decimal form.
 */
function exactNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : text;
}

const unlimited: TokenLimits = {
  textLimit: Number.POSITIVE_INFINITY,
  isStray: () => false,
  keepsText: () => true,
};

type Handler = (reader: TokenReader, value: string) => "stray" | undefined;

const handlers: Record<Token["name"], Handler> = {
  startObject: (reader) => open(reader, "object"),
  startArray: (reader) => open(reader, "array"),
  endObject: close,
  endArray: close,
  startKey: (reader) => begin(reader, true),
  endKey,
  startString: (reader) => begin(reader, reader.limits.keepsText()),
  endString: (reader) => scalar(reader, reader.text),
  startNumber: (reader) => begin(reader, reader.limits.keepsText()),
  endNumber: (reader) => scalar(reader, exactNumber(reader.text)),
  stringChunk: append,
  numberChunk: append,
  nullValue: (reader) => scalar(reader, null),
  trueValue: (reader) => scalar(reader, true),
  falseValue: (reader) => scalar(reader, false),
  keyValue: ignore,
  stringValue: ignore,
  numberValue: ignore,
  whitespace: ignore,
};

function open(reader: TokenReader, container: "object" | "array"): undefined {
  reader.depth += 1;
  reader.events.open(container);
}

function close(reader: TokenReader): undefined {
  reader.depth -= 1;
  reader.events.close();
}

function begin(reader: TokenReader, kept: boolean): undefined {
  reader.inText = true;
  reader.text = "";
  reader.kept = kept;
}

function append(reader: TokenReader, value: string): undefined {
  if (reader.kept && reader.text.length < reader.limits.textLimit) {
    reader.text += value;
  }
}

function endKey(reader: TokenReader): "stray" | undefined {
  reader.inText = false;
  if (reader.limits.isStray(reader.text)) {
    return "stray";
  }
  reader.events.key(reader.text);
  return undefined;
}

function scalar(reader: TokenReader, value: unknown): undefined {
  reader.inText = false;
  reader.events.scalar(value);
}

function ignore(): undefined {
  return undefined;
}
