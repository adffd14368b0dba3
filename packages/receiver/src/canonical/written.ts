import { messageOf } from "@cctelemetry/core/light";
import { type MessageName, messageToJson, parseExact } from "@cctelemetry/core/otlp";
import { type WriteState, writeMessage } from "./messages.ts";
import { Inexact, NotOtlp } from "./scalars.ts";

/** A message as the Collector writes it, and how many lists' elements in it are records. */
export interface WrittenMessage {
  readonly text: string;
  readonly records: number;
}

/** Reads a message from JSON text and writes it. Throws `NotOtlp`. */
export function writeJsonText(text: string, message: MessageName): WrittenMessage {
  return fromJsonText(text, (root) => written(root, message));
}

/** What `write` makes of JSON text; it gets exact numbers where it asks for them. Throws `NotOtlp`. */
export function fromJsonText<Result>(text: string, write: (root: unknown) => Result): Result {
  try {
    return write(parse(text, JSON.parse));
  } catch (error) {
    if (!(error instanceof Inexact)) throw error;
  }
  try {
    return write(parse(text, parseExact));
  } catch (error) {
    // What is still a number is beyond every integer.
    if (error instanceof Inexact) throw new NotOtlp(error.message, { cause: error });
    throw error;
  }
}

/** Reads a message from protobuf, of which it is known that it fits, and writes it. */
export function writeProtobuf(bytes: Uint8Array, message: MessageName): WrittenMessage {
  return written(messageToJson(bytes, message), message);
}

/** Parses JSON. Throws `NotOtlp`. */
export function parse(text: string, parser: (text: string) => unknown): unknown {
  try {
    return parser(text);
  } catch (error) {
    const detail = messageOf(error);
    throw new NotOtlp(`the body is not JSON: ${detail}`, { cause: error });
  }
}

/** Writes a message from parsed JSON. Throws `NotOtlp` or `Inexact`. */
export function written(input: unknown, message: MessageName): WrittenMessage {
  const state: WriteState = { records: 0 };
  const text = writeMessage(input, message, state);
  return { text, records: state.records };
}
