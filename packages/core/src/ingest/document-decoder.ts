import { type DocumentPart, walkDocument } from "../otlp/document.ts";
import type { DocumentItem, OversizeItem } from "../source/items.ts";
import type { LineDecoder } from "./line-decoder.ts";
import { type Rejection, rejection } from "./rejections.ts";

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
    const told = path === "" ? detail : `${path}: ${detail}`;
    return rejection(`document-${reason}`, told, noBytes, item.offset + offset);
  });
  const { rejected, records, problem } = elements;
  if (rejected > 0) {
    const told = `${problem ?? "does not fit"} (${rejected} in all)`;
    const options = { length: item.length, recordsKept: records };
    rejections.push(rejection("invalid-record", told, noBytes, item.offset, options));
  }
  return rejections;
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
    yield chunk;
    await pause();
  }
}

function membersOf(
  extra: Readonly<Record<string, unknown>> | undefined,
): readonly (readonly [string, string])[] {
  if (extra === undefined) return [];
  return Object.entries(extra).map(([name, value]) => [name, JSON.stringify(value) ?? "null"]);
}
