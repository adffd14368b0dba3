import type { Amount } from "./amounts.ts";
import type { LiveLedger, LivePart, LiveSpent } from "./snapshot.ts";

/** Sums over requests or increments, and the time they span. */
export class Sums {
  /** Requests and increments. */
  entries = 0;
  requests = 0;
  /** Entries of which the cost is known. */
  priced = 0;
  /** Requests of which it is not. */
  unpricedRequests = 0;
  inputTokens = 0n;
  outputTokens = 0n;
  cacheReadTokens = 0n;
  cacheCreationTokens = 0n;
  costNanoUsd = 0n;
  first: number = Number.POSITIVE_INFINITY;
  last: number = Number.NEGATIVE_INFINITY;

  /** Adds an amount, or other sums. */
  add(other: Amount | Sums): void {
    this.entries += other.entries;
    this.requests += other.requests;
    this.priced += other.priced;
    this.unpricedRequests += other.unpricedRequests;
    this.inputTokens += other.inputTokens;
    this.outputTokens += other.outputTokens;
    this.cacheReadTokens += other.cacheReadTokens;
    this.cacheCreationTokens += other.cacheCreationTokens;
    this.costNanoUsd += other.costNanoUsd;
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
  }

  /** All four types of tokens. */
  get totalTokens(): bigint {
    return this.inputTokens + this.outputTokens + this.cacheReadTokens + this.cacheCreationTokens;
  }
}

/** Where sums come from; undefined where there is nothing. */
export function ledgerOfSums({ entries, requests }: Sums): LiveLedger | undefined {
  if (entries === 0) return undefined;
  if (entries === requests) return "events";
  return requests === 0 ? "metrics" : "mixed";
}

/** The requests of sums; undefined if only metrics report them. */
export function knownRequests({ entries, requests }: Sums): number | undefined {
  return entries > 0 && requests === 0 ? undefined : requests;
}

/** The cost of sums as far as it is known; undefined where nothing of them has a price. */
function knownCost({ entries, priced, costNanoUsd }: Sums): bigint | undefined {
  return entries > 0 && priced === 0 ? undefined : costNanoUsd;
}

/** Which part of all input tokens was read from the cache; undefined without any. */
export function cacheHitRate(sums: Sums): number | undefined {
  const all = sums.inputTokens + sums.cacheReadTokens + sums.cacheCreationTokens;
  return all === 0n ? undefined : Number(sums.cacheReadTokens) / Number(all);
}

/** Tokens and cost as they are shown. */
export function spent(sums: Sums): LiveSpent {
  return {
    inputTokens: sums.inputTokens,
    outputTokens: sums.outputTokens,
    cacheReadTokens: sums.cacheReadTokens,
    cacheCreationTokens: sums.cacheCreationTokens,
    totalTokens: sums.totalTokens,
    costNanoUsd: knownCost(sums),
    unpricedRequests: sums.unpricedRequests,
  };
}

/** Sums by name as they are shown: most expensive first. */
export function partsOf(sums: ReadonlyMap<string | undefined, Sums>): readonly LivePart[] {
  return [...sums]
    .sort(
      ([nameA, a], [nameB, b]) =>
        compare(b.costNanoUsd, a.costNanoUsd) ||
        compare(b.totalTokens, a.totalTokens) ||
        compare(nameA ?? "", nameB ?? ""),
    )
    .map(([name, each]) => ({ name, requests: each.requests, ...spent(each) }));
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
