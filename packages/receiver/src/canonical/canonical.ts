import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "@cctelemetry/core/light";
import {
  classifyMessage,
  fitMessage,
  isObject,
  messageToJson,
  requestMessages,
} from "@cctelemetry/core/otlp";
import type { Encoding, Signal } from "../export-request.ts";
import type { Line } from "../journal/line.ts";
import { type Dissection, writePieces } from "./dissection.ts";
import { dissectJson } from "./json-parts.ts";
import { dissectProtobuf } from "./protobuf-parts.ts";
import { NotOtlp, TooLarge } from "./scalars.ts";
import { passedOver, presentNames, signalsOf } from "./signals.ts";
import { fromJsonText, written } from "./written.ts";

/**
 * What a request is in the Collector's file.
 * - `line`: JSON and a line feed, of the signal that the body has, whatever it was sent as; a body
 *   of several is a line for each, and `signal` the first
 * - `empty`: a request without records, of which nothing is written
 * - `undecodable`: no export request; the message says why in one sentence
 * - `too-large`: one of its records is larger than any reader of the file takes
 */
export type Canonical =
  | { readonly kind: "line"; readonly signal: Signal; readonly line: Line }
  | { readonly kind: "empty" }
  | { readonly kind: "undecodable" | "too-large"; readonly message: string };

/** Pieces of a line are made into bytes when they are so long, in characters. */
const PIECE_LENGTH = 512 * 1024;
/** Others have their turn after so long. */
const TURN_MS = 10;
/** A request of more bytes holds records. */
const LARGEST_EMPTY = 1024 * 1024;

/**
 * Writes a request as the Collector's file exporter does, byte for byte.
 *
 * It reads as leniently as the Collector: 64-bit integers as text or numbers,
 * enums by number or name, names in camelCase or snake_case, unknown fields
 * ignored. Bytes that are no UTF-8 become U+FFFD. What has content and no
 * record is refused: it would be lost. Never throws.
 *
 * @param sentAs the signal whose path or service it came to
 */
export function canonicalLine(sentAs: Signal, encoding: Encoding, body: Uint8Array): Canonical {
  try {
    return encoding === "json"
      ? fromJsonText(jsonBytes(body).toString("utf8"), (root) => jsonLines(sentAs, root))
      : protobufLine(protobufSignal(sentAs, body), body);
  } catch (error) {
    return refusal(error);
  }
}

/**
 * The same for large requests: decodes one record after the other, so that the
 * memory it takes is about what it reads and writes, and lets others have their
 * turn in between. Never rejects.
 */
export async function canonicalPieces(
  sentAs: Signal,
  encoding: Encoding,
  body: Uint8Array,
): Promise<Canonical> {
  try {
    const canonical = await inPieces(sentAs, encoding, body);
    if (canonical.kind !== "empty") return canonical;
    if (body.length <= LARGEST_EMPTY) return canonicalLine(sentAs, encoding, body);
    throw new NotOtlp(`the body has ${body.length} bytes and no record of ${sentAs}`);
  } catch (error) {
    return refusal(error);
  }
}

function inPieces(sentAs: Signal, encoding: Encoding, body: Uint8Array): Promise<Canonical> {
  if (encoding === "json") {
    const parts = dissectJson(jsonBytes(body));
    const signals = signalsOf(sentAs, parts.names);
    return gather(signals, linesOf(signals, parts));
  }
  const signals = [protobufSignal(sentAs, body)];
  return gather(signals, linesOf(signals, dissectProtobuf(body)));
}

/** The bytes of JSON without the mark of byte order that some programs begin text with. */
function jsonBytes(body: Uint8Array): Buffer {
  const bytes = bufferOf(body);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function jsonLines(sentAs: Signal, root: unknown): Canonical {
  if (root === null) throw new NotOtlp(`the body is null, and no request of ${sentAs}`);
  const signals = isObject(root) ? signalsOf(sentAs, presentNames(root)) : [sentAs];
  const lines = signals.flatMap((signal) => {
    const { text, records } = written(root, requestMessages[signal]);
    return records === 0 ? [] : [{ signal, text: `${text}\n` }];
  });
  const [first] = lines;
  if (first !== undefined) {
    const line = [Buffer.from(lines.map(({ text }) => text).join(""))];
    return { kind: "line", signal: first.signal, line };
  }
  for (const signal of signals) {
    const name = passedOver(root, requestMessages[signal]);
    if (name === undefined) continue;
    throw new NotOtlp(`the body has no record of ${signal}, and nothing is known by "${name}"`);
  }
  return { kind: "empty" };
}

function protobufLine(signal: Signal, body: Uint8Array): Canonical {
  const message = requestMessages[signal];
  const { text, records } = written(messageToJson(body, message), message);
  if (records > 0) return { kind: "line", signal, line: [Buffer.from(`${text}\n`)] };
  const { kind } = fitMessage(body, message, "text-skipped", "any-fields");
  if (kind === "possible" || kind === "certain") return { kind: "empty" };
  throw new NotOtlp(`the body has no record of ${signal}, and fields that are not known`);
}

/** The signal that a message of protobuf is of: the one it was sent as, unless only another fits. */
function protobufSignal(sentAs: Signal, body: Uint8Array): Signal {
  const fit = fitMessage(body, requestMessages[sentAs], "text-skipped", "any-fields");
  if (fit.kind === "certain") return sentAs;
  const [only, ...others] = classifyMessage(body);
  if (only !== undefined && others.length === 0) return only;
  if (fit.kind !== "unfit") return sentAs;
  throw new NotOtlp(`the body is no protobuf message of ${sentAs}: ${fit.detail}`);
}

async function gather(
  signals: readonly Signal[],
  pieces: Generator<string, number>,
): Promise<Canonical> {
  const line: Buffer[] = [];
  let text = "";
  let turn = performance.now() + TURN_MS;
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) {
      line.push(Buffer.from(text));
      const [signal] = signals;
      return value === 0 || signal === undefined
        ? { kind: "empty" }
        : { kind: "line", signal, line };
    }
    text += value;
    if (text.length >= PIECE_LENGTH) {
      line.push(Buffer.from(text));
      text = "";
    }
    if (performance.now() >= turn) {
      await nextTurn();
      turn = performance.now() + TURN_MS;
    }
  }
}

/** A line for each signal. */
function* linesOf<Part>(
  signals: readonly Signal[],
  parts: Dissection<Part>,
): Generator<string, number> {
  let records = 0;
  for (const signal of signals) {
    records += yield* writePieces(signal, parts);
    yield "\n";
  }
  return records;
}

function refusal(error: unknown): Canonical {
  const message = messageOf(error);
  return { kind: error instanceof TooLarge ? "too-large" : "undecodable", message: `${message}.` };
}

function bufferOf(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
