import type { Token } from "stream-json/core/parser.js";

/** What happens in a JSON text, in its order. */
export interface JsonEvents {
  open(container: "object" | "array"): void;
  close(): void;
  key(name: string): void;
  /** A string, a boolean, null, or a number as `exactNumber` gives it. */
  scalar(value: unknown): void;
}

/** Turns the tokens of the parser into events. */
export interface TokenReader {
  /** Reads tokens; `stray` where a key was, and the rest was left. */
  read(tokens: readonly Token[]): "read" | "stray";
  /** Whether a container, a string or a number is open. */
  isOpen(): boolean;
  /** How many containers are open. */
  depth(): number;
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

/**
 * Makes a reader of tokens in which keys, strings and numbers come in chunks
 * (`packValues: false`), so that nothing long is ever held against the limit.
 */
export function createTokenReader(events: JsonEvents, limits: TokenLimits = unlimited): TokenReader {
  let text = "";
  let inText = false;
  let kept = true;
  let depth = 0;

  const beginKey = (): void => {
    text = "";
    inText = true;
    kept = true;
  };
  const begin = (): void => {
    beginKey();
    kept = limits.keepsText();
  };
  const chunk = (value: string): void => {
    if (kept && text.length < limits.textLimit) {
      text += value;
    }
  };
  const end = (): string => {
    inText = false;
    return text;
  };

  /** The total table of tokens; those that say no more than others do nothing. */
  const handlers: Record<Token["name"], (value: string) => unknown> = {
    startObject: () => {
      depth += 1;
      events.open("object");
    },
    startArray: () => {
      depth += 1;
      events.open("array");
    },
    endObject: () => {
      depth -= 1;
      events.close();
    },
    endArray: () => {
      depth -= 1;
      events.close();
    },
    startKey: beginKey,
    endKey: () => {
      const key = end();
      return limits.isStray(key) ? "stray" : events.key(key);
    },
    startString: begin,
    endString: () => events.scalar(end()),
    startNumber: begin,
    endNumber: () => events.scalar(exactNumber(end())),
    stringChunk: chunk,
    numberChunk: chunk,
    nullValue: () => events.scalar(null),
    trueValue: () => events.scalar(true),
    falseValue: () => events.scalar(false),
    keyValue: ignore,
    stringValue: ignore,
    numberValue: ignore,
    whitespace: ignore,
  };

  return {
    read(tokens) {
      for (const token of tokens) {
        const value = "value" in token && typeof token.value === "string" ? token.value : "";
        if (handlers[token.name](value) === "stray") {
          return "stray";
        }
      }
      return "read";
    },
    isOpen: () => depth > 0 || inText,
    depth: () => depth,
  };
}

const unlimited: TokenLimits = {
  textLimit: Number.POSITIVE_INFINITY,
  isStray: () => false,
  keepsText: () => true,
};

const ignore = (): undefined => undefined;

/** Space enough that the parser waits no more for the rest of a number or a word. */
export const endOfText = " ".repeat(32);

/**
 * The number that JSON text means; integers that a double does not hold stay
 * text, which is their decimal form.
 */
export function exactNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) || /[.eE]/.test(text) ? value : text;
}
