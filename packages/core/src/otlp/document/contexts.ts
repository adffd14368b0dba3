import { set } from "../json/builder.ts";
import { contextKeys } from "./grammar.ts";
import type { EntryLevel } from "./pass.ts";

/** What stands around records: a resource or a scope with its schema URL and unknown fields. */
export interface Context {
  readonly value: unknown;
  readonly schemaUrl: unknown;
  readonly extra: Readonly<Record<string, unknown>> | undefined;
}

/** The contexts of a document, collected in its order. */
export interface ContextTable {
  begin(level: EntryLevel): void;
  field(level: EntryLevel, name: string, value: unknown): void;
  /** A field that is over a limit: without its resource or scope an entry is of no use. */
  refused(level: EntryLevel, name: string): void;
  end(level: EntryLevel, state: "whole" | "torn"): void;
  /** Goes through them again in the same order. */
  cursor(): ContextCursor;
}

/** Follows a second reading of the same document. */
export interface ContextCursor {
  begin(level: EntryLevel): void;
  /** The contexts of the scope that was begun last; undefined where they are not known. */
  here(): { readonly resource: Context; readonly scope: Context } | undefined;
}

/**
 * Makes an empty table. Equal contexts are kept once.
 *
 * @param maxLength characters of all different contexts together, and
 *   `entryCost` for each entry; what is over it is not known later
 */
export function createContextTable(maxLength: number): ContextTable {
  const intern = createInterner();
  const lists: Record<EntryLevel, (Context | undefined)[]> = { resource: [], scope: [] };
  const pending: Record<EntryLevel, Pending> = { resource: nothing(0), scope: nothing(0) };
  let length = 0;
  return {
    begin(level) {
      const list = lists[level];
      length += entryCost;
      pending[level] = nothing(list.length);
      if (length <= maxLength) {
        list.push(undefined);
      }
    },
    field: (level, name, value) => fill(pending[level], level, name, value),
    refused(level, name) {
      pending[level].lost ||= contextKeys[level].includes(name) || schemaUrlNames.includes(name);
    },
    end(level, state) {
      const entry = pending[level];
      const known = entry.index < lists[level].length;
      if (!known || entry.lost || (state === "torn" && !entry.seen)) {
        return;
      }
      const found = intern(entry, maxLength - length);
      length += found?.added ?? 0;
      lists[level][entry.index] = found?.context;
    },
    cursor: () => createCursor(lists),
  };
}

const entryCost = 8;

const schemaUrlNames: readonly string[] = ["schemaUrl", "schema_url"];

interface Pending {
  /** Its number among the entries of its level. */
  readonly index: number;
  /** Whether the resource or the scope was there. */
  seen: boolean;
  lost: boolean;
  value: unknown;
  schemaUrl: unknown;
  extra: Record<string, unknown> | undefined;
}

const nothing = (index: number): Pending => ({
  index,
  seen: false,
  lost: false,
  value: null,
  schemaUrl: null,
  extra: undefined,
});

function fill(entry: Pending, level: EntryLevel, name: string, value: unknown): void {
  if (contextKeys[level].includes(name)) {
    entry.value = value;
    entry.seen = true;
  } else if (schemaUrlNames.includes(name)) {
    entry.schemaUrl = value;
  } else {
    entry.extra ??= {};
    set(entry.extra, name, value);
  }
}

/**
 * Keeps equal contexts once, by their JSON. They are parsed from it again, so
 * that their strings are no slices of the text that was read; numbers that JSON
 * does not have come out as OTLP writes them, "Infinity".
 */
function createInterner(): (
  entry: Pending,
  room: number,
) => { context: Context; added: number } | undefined {
  const contexts = new Map<string, Context>();
  return ({ value, schemaUrl, extra }, room) => {
    const json = JSON.stringify([value, schemaUrl, extra ?? null], (_, part) =>
      typeof part === "number" && !Number.isFinite(part) ? String(part) : part,
    );
    const known = contexts.get(json);
    if (known !== undefined) {
      return { context: known, added: 0 };
    }
    if (json.length > room) {
      return undefined;
    }
    const [copy, url, rest] = JSON.parse(json) as [unknown, unknown, Context["extra"] | null];
    const context = {
      value: copy ?? undefined,
      schemaUrl: url ?? undefined,
      extra: rest ?? undefined,
    };
    contexts.set(json, context);
    return { context, added: json.length };
  };
}

function createCursor(
  lists: Readonly<Record<EntryLevel, readonly (Context | undefined)[]>>,
): ContextCursor {
  const index: Record<EntryLevel, number> = { resource: -1, scope: -1 };
  return {
    begin(level) {
      index[level] += 1;
    },
    here() {
      const resource = lists.resource[index.resource];
      const scope = lists.scope[index.scope];
      return resource === undefined || scope === undefined ? undefined : { resource, scope };
    },
  };
}
