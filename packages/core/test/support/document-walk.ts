import { Buffer } from "node:buffer";
import { Readable } from "node:stream";
import { expect } from "vitest";
import {
  type DocumentLimits,
  type DocumentOutcome,
  type DocumentPart,
  walkDocument,
} from "../../src/otlp/document/document.ts";

/** What a walk came to, and the parts it found. */
export interface Walked extends DocumentOutcome {
  readonly found: readonly DocumentPart[];
}

/** Walks a text that arrives in chunks of so many bytes. */
export async function walk(
  text: string | Buffer,
  limits: Partial<DocumentLimits> = {},
  chunkBytes = 1000,
): Promise<Walked> {
  const bytes = Buffer.from(text);
  const open = (): Readable => {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      chunks.push(bytes.subarray(at, at + chunkBytes));
    }
    return Readable.from(chunks);
  };
  const found: DocumentPart[] = [];
  const outcome = await walkDocument(open, (part) => found.push(part), limits);
  expect(outcome.parts).toBe(found.length);
  return { ...outcome, found };
}

/** The reasons of the problems, each with the path of its place. */
export const reasons = ({ problems }: DocumentOutcome): string[] =>
  problems.map(({ reason, path }) => `${reason} ${path}`);

/** A request of one log record for each name. */
export const logs = (...names: string[]): string =>
  JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: "r", value: { stringValue: "1" } }] },
        scopeLogs: [{ scope: { name: "s" }, logRecords: names.map((name) => ({ name })) }],
      },
    ],
  });

/** The names of the records found, in their order. */
export const names = ({ found }: Walked): unknown[] =>
  found.map(({ element }) => (element as { name: unknown }).name);
