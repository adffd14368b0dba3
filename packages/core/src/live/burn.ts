import type { Amount } from "./amounts.ts";
import type { LiveBurn } from "./snapshot.ts";

const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;

interface Bucket {
  readonly tokens: number;
  readonly nanoUsd: number;
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
    const tokens = inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens;
    this.put(Math.floor(amount.last / SECOND), {
      tokens: Number(tokens),
      nanoUsd: Number(amount.costNanoUsd),
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
    let tokens = 0;
    let nanoUsd = 0;
    for (const [second, bucket] of this.buckets) {
      if (second > until || second <= until - this.windowSeconds) continue;
      tokens += bucket.tokens;
      nanoUsd += bucket.nanoUsd;
    }
    if (tokens === 0 && nanoUsd === 0) return NO_BURN;
    const window = (this.windowMs * 1000) / MINUTE;
    const minutes = Math.min(Math.max((now - first) / MINUTE, Math.min(1, window)), window);
    return { tokensPerMinute: tokens / minutes, usdPerMinute: nanoUsd / 1e9 / minutes };
  }

  private get windowSeconds(): number {
    return Math.ceil(this.windowMs / 1000);
  }

  private put(second: number, { tokens, nanoUsd }: Bucket): void {
    if (second <= this.newest - this.windowSeconds) return;
    const known = this.buckets.get(second);
    this.buckets.set(second, {
      tokens: tokens + (known?.tokens ?? 0),
      nanoUsd: nanoUsd + (known?.nanoUsd ?? 0),
    });
    if (second <= this.newest) return;
    this.newest = second;
    for (const old of this.buckets.keys()) {
      if (old <= second - this.windowSeconds) this.buckets.delete(old);
    }
  }
}

/** The rates of a session that rests. */
export const NO_BURN: LiveBurn = { tokensPerMinute: 0, usdPerMinute: 0 };
