import type { Amount } from "./amounts.ts";
import { usdOf } from "./money.ts";
import type { LiveBurn } from "./snapshot.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

interface Bucket {
  readonly tokens: bigint;
  readonly nanoUsd: bigint;
  /** Requests and increments, and those of them of which the cost is known. */
  readonly entries: number;
  readonly priced: number;
}

/** What was spent over the last minutes, by the second: memory that does not grow with the traffic. */
export class Burn {
  readonly windowMs: number;
  private readonly buckets: Map<number, Bucket> = new Map();
  private newest: number = Number.NEGATIVE_INFINITY;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** Adds one amount. */
  add(amount: Amount): void {
    const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens } = amount;
    this.put(Math.floor(amount.last / SECOND), {
      tokens: inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens,
      nanoUsd: amount.costNanoUsd,
      entries: amount.entries,
      priced: amount.priced,
    });
  }

  /** Adds what another one holds. */
  merge(other: Burn): void {
    for (const [second, bucket] of other.buckets) this.put(second, bucket);
  }

  /**
   * The rates at a time, over the window or, where `first` is within it, over what has passed since
   * then: a session that began a minute ago is not five times as slow as it seems.
   */
  rate(now: number, first: number): LiveBurn {
    const until = Math.floor(now / SECOND);
    let spent = NOTHING;
    for (const [second, bucket] of this.buckets) {
      if (second > until || second <= until - this.windowSeconds) continue;
      spent = together(spent, bucket);
    }
    const { tokens, nanoUsd, entries, priced } = spent;
    const isPriced = priced > 0 || entries === 0;
    if (tokens === 0n && nanoUsd === 0n && isPriced) return NO_BURN;
    const window = (this.windowMs * 1000) / MINUTE;
    const minutes = Math.min(Math.max((now - first) / MINUTE, Math.min(1, window)), window);
    return {
      tokensPerMinute: Number(tokens) / minutes,
      usdPerMinute: isPriced ? usdOf(nanoUsd) / minutes : undefined,
      unpricedRequests: entries - priced,
    };
  }

  private get windowSeconds(): number {
    return Math.ceil(this.windowMs / 1000);
  }

  private put(second: number, bucket: Bucket): void {
    if (second <= this.newest - this.windowSeconds) return;
    this.buckets.set(second, together(this.buckets.get(second) ?? NOTHING, bucket));
    if (second <= this.newest) return;
    this.newest = second;
    for (const old of this.buckets.keys()) {
      if (old <= second - this.windowSeconds) this.buckets.delete(old);
    }
  }
}

const NOTHING: Bucket = { tokens: 0n, nanoUsd: 0n, entries: 0, priced: 0 };

function together(one: Bucket, other: Bucket): Bucket {
  return {
    tokens: one.tokens + other.tokens,
    nanoUsd: one.nanoUsd + other.nanoUsd,
    entries: one.entries + other.entries,
    priced: one.priced + other.priced,
  };
}

/** The rates of a session that rests. */
export const NO_BURN: LiveBurn = { tokensPerMinute: 0, usdPerMinute: 0, unpricedRequests: 0 };
