import { walkDocument } from "../otlp/document.ts";
import type { DocumentItem, OversizeItem } from "../source/items.ts";
import type { LineDecoder } from "./line-decoder.ts";
import type { Pipeline } from "./pipeline.ts";
import { type Rejection, rejection } from "./rejections.ts";


/** Decodes a document, or a line too long to be held, record by record. Gives what was rejected. */
export async function decodeDocument(
  item: DocumentItem | OversizeItem,
  decoder: LineDecoder,
  _pipeline: () => Pipeline,
): Promise<readonly Rejection[]> {
  const { requests } = decoder;
  let entry = -1;
  let scope = -1;
  let entryFits = false;
  let scopeFits = false;
  const outcome = await walkDocument(
    () => item.open(),
    (part) => {
      if (part.resourceIndex !== entry) {
        const extra = membersOf(part.resourceExtra);
        entryFits = requests.beginEntry(part.resource, part.resourceSchemaUrl, extra, part.path);
        entry = part.resourceIndex;
        scope = -1;
      }
      if (entryFits && part.scopeIndex !== scope) {
        const extra = membersOf(part.scopeExtra);
        scopeFits = requests.useScope(part.scope, part.scopeSchemaUrl, extra, part.path);
        scope = part.scopeIndex;
      }
      if (entryFits && scopeFits) requests.element(part.signal, part.element, part.path);
    },
  );
  const { records, rejected, problem } = decoder.keepElements();
  const rejections = outcome.problems.map(({ offset, reason, detail, path }) =>
    rejection(`document-${reason}`, path === "" ? detail : `${path}: ${detail}`, none, item.offset + offset),
  );
  if (rejected > 0) {
    rejections.push(
      rejection("invalid-record", `${problem ?? "does not fit"} (${rejected} in all)`, none, item.offset, {
        length: item.length,
        recordsKept: records,
      }),
    );
  }
  return rejections;
}

const none = new Uint8Array(0);

function membersOf(
  extra: Readonly<Record<string, unknown>> | undefined,
): readonly (readonly [string, string])[] {
  if (extra === undefined) return [];
  return Object.entries(extra).map(([name, value]) => [name, JSON.stringify(value) ?? "null"]);
}
