import { type MessageName, messageShapes, requestMessages } from "@cctelemetry/core/otlp";
import type { Signal } from "../export-request.ts";
import { TooLarge } from "./scalars.ts";
import type { WrittenMessage } from "./written.ts";

/** A way to take a request apart down to its records, of which each is decoded by itself. */
export interface Dissection<Part> {
  /** The elements of a list in the request. */
  readonly request: (list: ListField) => Iterable<Part>;
  /** What an entry of a resource or of a scope holds. */
  readonly entry: (part: Part, context: "resource" | "scope", list: ListField) => Entry<Part>;
  /** Decodes a part and writes it; one that is absent is an empty message. */
  readonly write: (part: Part | undefined, message: MessageName) => WrittenMessage;
}

/** The largest record that an import takes. */
const MAX_PART_BYTES = 32 * 1024 * 1024;

/** Throws `TooLarge` where a part is larger than any reader of the file takes. */
export function checkPartSize(bytes: number): void {
  if (bytes <= MAX_PART_BYTES) return;
  throw new TooLarge(`a record has more than ${MAX_PART_BYTES} bytes`);
}

/** An entry of a resource or a scope. */
export interface Entry<Part> {
  readonly context: Part | undefined;
  readonly elements: Iterable<Part>;
  /** As JSON text; empty if there is none. */
  readonly schemaUrl: string;
}

/** A list of messages: its names and number, and of what its elements are. */
export interface ListField {
  readonly name: string;
  readonly id: number;
  readonly message: MessageName;
}

/**
 * Writes a request piece by piece, as `writeMessage` would write it whole. Gives
 * back the number of its records. Throws as `writeMessage` does.
 */
export function* writePieces<Part>(
  signal: Signal,
  { request, entry, write }: Dissection<Part>,
): Generator<string, number> {
  const resources = listOf(requestMessages[signal]);
  const scopes = listOf(resources.message);
  const records = listOf(scopes.message);
  let count = 0;

  function* writeScope(part: Part): Generator<string> {
    const { context, elements, schemaUrl } = entry(part, "scope", records);
    yield `{"scope":${write(context, "InstrumentationScope").text}`;
    yield* writeList(`,"${records.name}":[`, elements, function* (element) {
      const written = write(element, records.message);
      // Points are counted within their metric.
      count += signal === "metrics" ? written.records : 1;
      yield written.text;
    });
    yield schemaUrl === "" ? "}" : `,"schemaUrl":${schemaUrl}}`;
  }

  function* writeResource(part: Part): Generator<string> {
    const { context, elements, schemaUrl } = entry(part, "resource", scopes);
    yield `{"resource":${write(context, "Resource").text}`;
    yield* writeList(`,"${scopes.name}":[`, elements, writeScope);
    yield schemaUrl === "" ? "}" : `,"schemaUrl":${schemaUrl}}`;
  }

  yield "{";
  yield* writeList(`"${resources.name}":[`, request(resources), writeResource);
  yield "}";
  return count;
}

/** A list, left out when it is empty. */
function* writeList<Part>(
  opening: string,
  elements: Iterable<Part>,
  write: (element: Part) => Generator<string>,
): Generator<string> {
  let before = opening;
  for (const element of elements) {
    yield before;
    yield* write(element);
    before = ",";
  }
  if (before !== opening) yield "]";
}

/** The list of messages that a message has. */
function listOf(message: MessageName): ListField {
  const [found] = Object.entries(messageShapes[message]).filter(
    ([, [, , presence]]) => presence === "repeated",
  );
  if (found === undefined) throw new Error(`${message} has no list`);
  const [name, [id, type]] = found;
  return { name, id, message: type as MessageName };
}
