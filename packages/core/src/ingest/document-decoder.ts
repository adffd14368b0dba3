import { isUtf8 } from "node:buffer";
import { isOtherForm } from "../model/other-forms.ts";
import { type DocumentPart, walkDocument } from "../otlp/document/document.ts";
import { beginsRequest } from "../otlp/request-start.ts";
import { RECORD_MARK } from "../source/read/head.ts";
import type { DocumentItem, OversizeItem } from "../source/read/items.ts";
import type { LineDecoder } from "./line-decoder.ts";
import { JsonExtent } from "./lines/json-extent.ts";
import { type Rejection, rejection } from "./rejections.ts";

/** A document with a longer value is read for requests of its own alone, bytes. */
const MOST_HELD = 32 * 1024 * 1024;
/** After so many values without telemetry none is looked for within values. */
const MOST_OTHERS = 1000;
/** Enough of a beginning to hold the first member. */
const HEAD_LENGTH = 1024;
const noBytes = new Uint8Array(0);

/**
 * Decodes a document, or a line too long to be held, record by record. Between
 * two chunks of it `pause` may bring what was decoded into the store, so memory
 * stays flat. Gives what was rejected.
 */
export async function decodeDocument(
  item: DocumentItem | OversizeItem,
  decoder: LineDecoder,
  pause: () => Promise<void>,
): Promise<readonly Rejection[]> {
  if (!(await isRequest(item))) {
    const rejections = await decodeWrapped(item, decoder, pause);
    if (rejections !== undefined) return rejections;
  }
  const elements = new ElementDecoder(decoder);
  const settle = async (): Promise<void> => {
    elements.keep();
    await pause();
  };
  const outcome = await walkDocument(
    () => paced(item.open(), settle),
    (part) => elements.take(part),
  );
  elements.keep();
  const rejections = outcome.problems.map(({ offset, reason, detail, path }) => {
    const message = path === "" ? detail : `${path}: ${detail}`;
    return rejection(`document-${reason}`, message, noBytes, item.offset + offset);
  });
  const { rejected, records, problem } = elements;
  if (rejected > 0) {
    const message = `${problem ?? "does not fit"} (${rejected} in all)`;
    const options = { length: item.length, recordsKept: records };
    rejections.push(rejection("invalid-record", message, noBytes, item.offset, options));
  }
  return rejections;
}

/**
 * Decodes the values of a document that is no request itself, where requests are within them or
 * they are flattened records, or says what they are. Undefined where none of them is either.
 */
async function decodeWrapped(
  item: DocumentItem | OversizeItem,
  decoder: LineDecoder,
  pause: () => Promise<void>,
): Promise<readonly Rejection[] | undefined> {
  const rejections: Rejection[] = [];
  let found = false;
  for await (const { bytes, offset, isWhole } of valuesOf(item)) {
    if (!found && (!isWhole || rejections.length > MOST_OTHERS)) return undefined;
    const before = decoder.taken;
    rejections.push(...decoder.line(bytes, 0, bytes.length, offset, isUtf8(bytes)));
    found ||= decoder.taken > before;
    await pause();
  }
  const isNamed = rejections.length > 0 && rejections.every(({ detail }) => isOtherForm(detail));
  return found || isNamed ? rejections : undefined;
}

interface Value {
  readonly bytes: Buffer;
  readonly offset: number;
  /** False for what the document ends or goes on with that is no value, or too long a one. */
  readonly isWhole: boolean;
}

/** The objects and lists that a document consists of, each held by itself. */
async function* valuesOf(item: DocumentItem | OversizeItem): AsyncGenerator<Value> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let extent = new JsonExtent();
  let offset = item.offset;
  let passed = item.offset;
  for await (const chunk of item.open()) {
    const bytes = Buffer.from(chunk);
    for (let from = 0; from < bytes.length; ) {
      if (length === 0) {
        const start = nextValue(bytes, from);
        if (start < 0) break;
        offset = passed + start;
        from = start;
      }
      const used = extent.take(bytes.subarray(from));
      pieces.push(bytes.subarray(from, from + used));
      length += used;
      from += used;
      if (!extent.isWhole && length <= MOST_HELD) continue;
      yield { bytes: Buffer.concat(pieces), offset, isWhole: extent.isWhole };
      if (!extent.isWhole) return;
      pieces = [];
      length = 0;
      extent = new JsonExtent();
    }
    passed += bytes.length;
  }
  if (length > 0) yield { bytes: Buffer.concat(pieces), offset, isWhole: false };
}

/** Whether a document is a request, or a list of them, judged by its first member. */
async function isRequest(item: DocumentItem | OversizeItem): Promise<boolean> {
  let text = "";
  for await (const chunk of item.open()) {
    text += Buffer.from(chunk as Uint8Array).toString("latin1");
    if (text.length >= HEAD_LENGTH) break;
  }
  return beginsRequest(text.slice(0, HEAD_LENGTH));
}

/** Where the next object or list begins; -1 where none does. */
function nextValue(bytes: Buffer, from: number): number {
  const object = bytes.indexOf(0x7b, from);
  const list = bytes.indexOf(0x5b, from);
  return object < 0 || (list >= 0 && list < object) ? list : object;
}

/** Hands the elements of a document to the decoder of requests. */
class ElementDecoder {
  rejected = 0;
  records = 0;
  problem: string | undefined;
  private readonly decoder: LineDecoder;
  private entry = -1;
  private scope = -1;
  private entryFits = false;
  private scopeFits = false;

  constructor(decoder: LineDecoder) {
    this.decoder = decoder;
  }

  take(part: DocumentPart): void {
    const { requests } = this.decoder;
    if (part.resourceIndex !== this.entry) {
      this.entry = part.resourceIndex;
      this.scope = -1;
      const extra = membersOf(part.resourceExtra);
      this.entryFits = requests.beginEntry(part.resource, part.resourceSchemaUrl, extra, part.path);
    }
    if (this.entryFits && part.scopeIndex !== this.scope) {
      this.scope = part.scopeIndex;
      const extra = membersOf(part.scopeExtra);
      this.scopeFits = requests.useScope(part.scope, part.scopeSchemaUrl, extra, part.path);
    }
    if (this.entryFits && this.scopeFits) requests.element(part.signal, part.element, part.path);
  }

  /** Makes what was decoded part of the batch. */
  keep(): void {
    const outcome = this.decoder.keepElements();
    this.records += outcome.records;
    this.rejected += outcome.rejected;
    this.problem ??= outcome.problem;
  }
}

async function* paced(
  chunks: AsyncIterable<Uint8Array>,
  pause: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield withoutMarks(chunk);
    await pause();
  }
}

/** The marks between the records of a sequence become blanks: JSON itself holds none. */
function withoutMarks(chunk: Uint8Array): Uint8Array {
  return chunk.includes(RECORD_MARK)
    ? chunk.map((byte) => (byte === RECORD_MARK ? 0x20 : byte))
    : chunk;
}

function membersOf(
  extra: Readonly<Record<string, unknown>> | undefined,
): readonly (readonly [string, string])[] {
  if (extra === undefined) return [];
  return Object.entries(extra).map(([name, value]) => [name, JSON.stringify(value) ?? "null"]);
}
