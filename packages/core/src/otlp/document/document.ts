import type { Signal } from "../protobuf/protobuf.ts";
import { type Context, type ContextTable, createContextTable } from "./contexts.ts";
import type { FoundElement, Pass, WalkFault } from "./pass.ts";
import { readText } from "./text.ts";
import { createWalk } from "./walk.ts";

/**
 * One log record, metric or span of a document, with what stands around it.
 *
 * All values are as in `JSON.parse`, but integers beyond 2^53 are decimal
 * strings. Equal resources and equal scopes of a document are the same object.
 */
export interface DocumentPart {
  readonly signal: Signal;
  /** Number of the `resourceLogs` entry (or its like) in the whole document, from 0. */
  readonly resourceIndex: number;
  /** Number of the `scopeLogs` entry (or its like) in that entry, from 0. */
  readonly scopeIndex: number;
  /** As sent, undefined where there is none. */
  readonly resource: unknown;
  readonly resourceSchemaUrl: unknown;
  /** Fields of the entry that this version does not know, undefined where there are none. */
  readonly resourceExtra: Readonly<Record<string, unknown>> | undefined;
  readonly scope: unknown;
  readonly scopeSchemaUrl: unknown;
  readonly scopeExtra: Readonly<Record<string, unknown>> | undefined;
  /** The log record, the whole metric or the span: an object. */
  readonly element: unknown;
  /** Where it stands, e.g. `resourceLogs[0].scopeLogs[0].logRecords[7]`. */
  readonly path: string;
  /** Byte of the document, at most 8 KiB before the element. */
  readonly offset: number;
}

/**
 * Why something of a document was not handed on.
 * - `syntax`, `truncated`, `glued`, `too-deep`, `read-failed`: the text; what is
 *   whole before it was handed on, and what follows from the next request on
 * - `too-large`, `too-deep`, `wrong-type`: this element or field alone
 * - `unknown-field`: a field of the request that is none of OTLP's three signals
 * - `no-context`: records whose resource or scope was torn off or over the limits
 */
export type DocumentFault = WalkFault | "no-context";

/** Something that was not handed on. */
export interface DocumentProblem {
  /** Byte of the document, at most 8 KiB before it. */
  readonly offset: number;
  readonly path: string;
  readonly reason: DocumentFault;
  readonly detail: string;
}

/** What a walk found. */
export interface DocumentOutcome {
  readonly parts: number;
  /** The first of them, up to the limit. */
  readonly problems: readonly DocumentProblem[];
  readonly problemCount: number;
}

/** What a walk may take. */
export interface DocumentLimits {
  /** Bytes of one record, or of one field beside the records. */
  readonly maxElementBytes: number;
  /** Containers within one another, counted from the request. */
  readonly maxDepth: number;
  /** Characters of all different resources and scopes together. */
  readonly maxContextLength: number;
  /** Problems that are reported one by one. */
  readonly maxProblems: number;
}

const documentLimits: DocumentLimits = {
  maxElementBytes: 32 * 1024 * 1024,
  maxDepth: 100,
  maxContextLength: 64 * 1024 * 1024,
  maxProblems: 1000,
};

/**
 * Walks export requests of any length: one object, several after one another,
 * or lists of them, pretty-printed or not, with camelCase or snake_case names.
 *
 * The text is read twice, since a resource may come after its records: first
 * for what stands around the records, then for the records. Memory holds one
 * record and the different resources and scopes.
 *
 * @param open gives the bytes of the document from its beginning at every call
 * @returns how many parts were handed on, and what was not and why. Rejects
 *   only with what `onPart` throws or `open` throws at once.
 */
export async function walkDocument(
  open: () => AsyncIterable<Uint8Array>,
  onPart: (part: DocumentPart) => void,
  limits: Partial<DocumentLimits> = {},
): Promise<DocumentOutcome> {
  const bounds = { ...documentLimits, ...limits };
  const log = createProblemLog(bounds.maxProblems);
  const contexts = createContextTable(bounds.maxContextLength);
  await readText(open(), createWalk(contextPass(contexts, log), bounds), bounds.maxElementBytes);
  let parts = 0;
  const pass = elementPass(contexts, log, (part) => {
    parts += 1;
    onPart(part);
  });
  await readText(open(), createWalk(pass, bounds), bounds.maxElementBytes);
  return { parts, problems: log.problems, problemCount: log.count() };
}

interface ProblemLog {
  readonly problems: readonly DocumentProblem[];
  count(): number;
  add(problem: DocumentProblem): void;
}

function createProblemLog(limit: number): ProblemLog {
  const problems: DocumentProblem[] = [];
  let count = 0;
  return {
    problems,
    count: () => count,
    add(problem) {
      count += 1;
      if (problems.length < limit) {
        problems.push(problem);
      }
    },
  };
}

/** The first pass: what stands around the records. */
function contextPass(contexts: ContextTable, log: ProblemLog): Pass {
  return {
    wantsFields: true,
    wantsElement: () => false,
    begin: contexts.begin,
    field: contexts.field,
    end: contexts.end,
    element: () => undefined,
    refused(problem, field) {
      log.add(problem);
      if (field !== undefined) {
        contexts.refused(field.level, field.name);
      }
    },
    // The second pass meets the same ones, in the order of the records.
    problem: () => undefined,
  };
}

/** The second pass: the records, each with what the first one found. */
function elementPass(
  contexts: ContextTable,
  log: ProblemLog,
  onPart: (part: DocumentPart) => void,
): Pass {
  const cursor = contexts.cursor();
  return {
    wantsFields: false,
    wantsElement(place) {
      const known = cursor.here() !== undefined;
      if (!known) {
        const detail = "its resource or its scope was torn off or is over a limit";
        log.add({ ...place(), reason: "no-context", detail });
      }
      return known;
    },
    begin: cursor.begin,
    field: () => undefined,
    end: () => undefined,
    element(found) {
      const context = cursor.here();
      if (context !== undefined) {
        onPart(partOf(found, context.resource, context.scope));
      }
    },
    refused: log.add,
    problem: log.add,
  };
}

function partOf(found: FoundElement, resource: Context, scope: Context): DocumentPart {
  return {
    signal: found.signal,
    resourceIndex: found.resourceIndex,
    scopeIndex: found.scopeIndex,
    resource: resource.value,
    resourceSchemaUrl: resource.schemaUrl,
    resourceExtra: resource.extra,
    scope: scope.value,
    scopeSchemaUrl: scope.schemaUrl,
    scopeExtra: scope.extra,
    element: found.element,
    path: found.path,
    offset: found.offset,
  };
}
