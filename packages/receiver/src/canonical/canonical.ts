import { fitMessage, messageToJson, parseExact, requestMessages } from "@cctelemetry/core/otlp";
import type { Encoding, Signal } from "../intake.ts";
import type { Line } from "../journal.ts";
import { writeMessage, writeState } from "./messages.ts";
import { Inexact, NotOtlp } from "./scalars.ts";

/**
 * What a request is in the Collector's file.
 * - `line`: JSON and a line feed
 * - `empty`: a request without records, of which nothing is written
 * - `undecodable`: no export request; the message says why in one sentence
 */
export type Canonical =
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "empty" }
  | { readonly kind: "undecodable"; readonly message: string };

/**
 * Writes a request as the Collector's file exporter does, byte for byte.
 *
 * It reads as leniently as the Collector: 64-bit integers as text or numbers,
 * enums by number or name, names in camelCase or snake_case, unknown fields
 * ignored. Bytes that are no UTF-8 become U+FFFD. Never throws.
 */
export function canonicalLine(signal: Signal, encoding: Encoding, body: Uint8Array): Canonical {
  try {
    return encoding === "json" ? fromJson(signal, body) : fromProtobuf(signal, body);
  } catch (error) {
    if (error instanceof NotOtlp) return { kind: "undecodable", message: `${error.message}.` };
    throw error;
  }
}

function fromJson(signal: Signal, body: Uint8Array): Canonical {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const names = SNAKE_CASE.test(text) ? "both" : "camelCase";
  try {
    return lineOf(signal, parse(text, JSON.parse), names);
  } catch (error) {
    if (!(error instanceof Inexact)) throw error;
  }
  try {
    return lineOf(signal, parse(text, parseExact), names);
  } catch (error) {
    // What is still a number is beyond every integer.
    if (error instanceof Inexact) throw new NotOtlp(error.message, { cause: error });
    throw error;
  }
}

/** A name in snake_case, or one that may be: it holds an escape. */
const SNAKE_CASE = /"[a-z0-9]+(?:_[a-z0-9]+)+"\s*:|\\u005f/i;

function parse(text: string, parser: (text: string) => unknown): unknown {
  try {
    return parser(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new NotOtlp(`the body is not JSON: ${detail}`, { cause: error });
  }
}

function fromProtobuf(signal: Signal, body: Uint8Array): Canonical {
  const message = requestMessages[signal];
  const fit = fitMessage(body, message, "text-skipped", "any-fields");
  if (fit.kind === "unfit") {
    throw new NotOtlp(`the body is no protobuf message of ${signal}: ${fit.detail}`);
  }
  return lineOf(signal, messageToJson(body, message), "camelCase");
}

function lineOf(signal: Signal, request: unknown, names: "camelCase" | "both"): Canonical {
  if (request === null || typeof request !== "object") {
    throw new NotOtlp("the body is no export request");
  }
  const state = writeState(names);
  const text = writeMessage(request, requestMessages[signal], state);
  return state.records === 0
    ? { kind: "empty" }
    : { kind: "line", line: [Buffer.from(`${text}\n`)] };
}
