import { setImmediate as nextTurn } from "node:timers/promises";
import { fitMessage, requestMessages } from "@cctelemetry/core/otlp";
import type { Encoding, Signal } from "../intake.ts";
import type { Line } from "../journal.ts";
import { writePieces } from "./dissection.ts";
import { dissectJson } from "./json-parts.ts";
import { dissectProtobuf } from "./protobuf-parts.ts";
import { NotOtlp, TooLarge } from "./scalars.ts";
import { type WrittenMessage, writeJsonText, writeProtobuf } from "./written.ts";

/**
 * What a request is in the Collector's file.
 * - `line`: JSON and a line feed
 * - `empty`: a request without records, of which nothing is written
 * - `undecodable`: no export request; the message says why in one sentence
 * - `too-large`: one of its records is larger than any reader of the file takes
 */
export type Canonical =
  | { readonly kind: "line"; readonly line: Line }
  | { readonly kind: "empty" }
  | { readonly kind: "undecodable" | "too-large"; readonly message: string };

/** Pieces of a line are made into bytes when they are so long, in characters. */
const PIECE_LENGTH = 512 * 1024;
/** Others have their turn after so long. */
const TURN_MS = 10;

/**
 * Writes a request as the Collector's file exporter does, byte for byte.
 *
 * It reads as leniently as the Collector: 64-bit integers as text or numbers,
 * enums by number or name, names in camelCase or snake_case, unknown fields
 * ignored. Bytes that are no UTF-8 become U+FFFD. Never throws.
 */
export function canonicalLine(signal: Signal, encoding: Encoding, body: Uint8Array): Canonical {
  try {
    checkFit(signal, encoding, body);
    const { text, records } = writeWhole(signal, encoding, body);
    return records === 0 ? { kind: "empty" } : { kind: "line", line: [Buffer.from(`${text}\n`)] };
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
  signal: Signal,
  encoding: Encoding,
  body: Uint8Array,
): Promise<Canonical> {
  try {
    checkFit(signal, encoding, body);
    const pieces =
      encoding === "json"
        ? writePieces(signal, dissectJson(bufferOf(body)))
        : writePieces(signal, dissectProtobuf(body));
    return await gather(pieces);
  } catch (error) {
    return refusal(error);
  }
}

async function gather(pieces: Generator<string, number>): Promise<Canonical> {
  const line: Buffer[] = [];
  let text = "";
  let turn = performance.now() + TURN_MS;
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) {
      line.push(Buffer.from(`${text}\n`));
      return value === 0 ? { kind: "empty" } : { kind: "line", line };
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

function writeWhole(signal: Signal, encoding: Encoding, body: Uint8Array): WrittenMessage {
  const message = requestMessages[signal];
  return encoding === "json"
    ? writeJsonText(bufferOf(body).toString("utf8"), message)
    : writeProtobuf(body, message);
}

/** Whether protobuf is of the type at all; JSON tells by itself. */
function checkFit(signal: Signal, encoding: Encoding, body: Uint8Array): void {
  if (encoding === "json") return;
  const fit = fitMessage(body, requestMessages[signal], "text-skipped", "any-fields");
  if (fit.kind !== "unfit") return;
  throw new NotOtlp(`the body is no protobuf message of ${signal}: ${fit.detail}`);
}

function refusal(error: unknown): Canonical {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: error instanceof TooLarge ? "too-large" : "undecodable", message: `${message}.` };
}

function bufferOf(body: Uint8Array): Buffer {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
