import { jsonParser } from "stream-json/core/parser.js";
import { createValueBuilder } from "./builder.ts";
import { createTokenReader, endOfText, readTokens } from "./tokens.ts";

/**
 * Parses JSON as `JSON.parse` does, but for integers that a double does not
 * hold: those come as decimal strings, as OTLP/JSON writes 64-bit numbers.
 *
 * Meant for the few texts that have such numbers; it is several times slower.
 * Throws the SyntaxError of `JSON.parse`.
 */
export function parseExact(text: string): unknown {
  // The platform's own verdict on what is JSON, before the tokens.
  JSON.parse(text);
  const builder = createValueBuilder();
  const reader = createTokenReader(builder);
  const parse = jsonParser({ packValues: false });
  for (const part of [text, endOfText]) {
    const tokens = parse(part);
    readTokens(reader, typeof tokens === "symbol" ? [] : tokens.values);
  }
  return builder.value();
}

/** Parses JSON as the platform does; undefined for what is none. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
