import type { Served } from "./api.ts";
import { listCost } from "./usage.ts";

/** Tokens and price of answers, in the words of the store. */
export interface Totals {
  readonly requests: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheCreation: number;
  /** Billionths of a US dollar. */
  readonly nanoUsd: number;
}

/** One answer, as the API and as the store know it. */
export interface Entry extends Omit<Totals, "requests"> {
  readonly session: string | undefined;
  readonly model: string;
  readonly stage: string | undefined;
}

/** Where a process was at work, by its name in the ledger. */
export type Stages = ReadonlyMap<string, string>;

/** What the API has served whole, with the stage of the process that asked for it. */
export function servedEntries(ledger: readonly Served[], stages: Stages): readonly ServedEntry[] {
  return ledger
    .filter(({ outcome }) => outcome === "whole")
    .map((served) => ({ ...entryOf(served), stage: stages.get(served.run), served }));
}

/** An answer with what else the API knows. */
export interface ServedEntry extends Entry {
  readonly served: Served;
}

function entryOf({ session, model, askedModel, usage }: Served): Omit<Entry, "stage"> {
  return {
    session,
    model,
    input: usage.input,
    output: usage.output,
    cacheRead: usage.cacheRead,
    cacheCreation: usage.cacheWrite + usage.cacheWriteLong,
    nanoUsd: listCost(askedModel, usage),
  };
}

const nothing: Totals = {
  requests: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheCreation: 0,
  nanoUsd: 0,
};

/** Totals by a key, in the order of the keys. */
export function totalsBy(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string | undefined,
): Readonly<Record<string, Totals>> {
  const groups = new Map<string, Totals>();
  for (const entry of entries) {
    const key = keyOf(entry) ?? "(none)";
    const sum = groups.get(key) ?? nothing;
    groups.set(key, {
      requests: sum.requests + 1,
      input: sum.input + entry.input,
      output: sum.output + entry.output,
      cacheRead: sum.cacheRead + entry.cacheRead,
      cacheCreation: sum.cacheCreation + entry.cacheCreation,
      nanoUsd: sum.nanoUsd + entry.nanoUsd,
    });
  }
  return Object.fromEntries([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What an answer is known by: no two of one API have the same tokens. */
export function signature({ input, output, cacheRead, cacheCreation }: Entry): string {
  return [input, output, cacheRead, cacheCreation].join("/");
}
