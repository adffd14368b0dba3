import type { LiveUsage } from "./record.ts";

/** What requests or an increment of a metric used. */
export interface Amount {
  readonly first: number;
  readonly last: number;
  readonly model: string | undefined;
  readonly stage: string | undefined;
  /** Requests and increments. */
  readonly entries: number;
  readonly requests: number;
  /** Those of the entries of which the cost is known. */
  readonly priced: number;
  /** Requests of which it is not. */
  readonly unpricedRequests: number;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cacheReadTokens: bigint;
  readonly cacheCreationTokens: bigint;
  /** What the priced entries cost. */
  readonly costNanoUsd: bigint;
}

/** By how much a metric grew; `exact` where its values are integers. */
export interface Increment {
  readonly value: number;
  readonly exact: bigint | undefined;
  /** Since when, microseconds; undefined where that was not sent. */
  readonly start: number | undefined;
}

const NANO_USD = 1e9;
/** Increments of money are DECIMAL(38,9): what has more digits before the point is no amount. */
const MOST_NANO_USD = 1e38;
const LEAST_INT = -(2 ** 63);
const MOST_INT = 2 ** 63;

type TokenColumn = "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheCreationTokens";

const columnOfKind: ReadonlyMap<string | undefined, TokenColumn> = new Map([
  ["input", "inputTokens"],
  ["output", "outputTokens"],
  ["cacheRead", "cacheReadTokens"],
  ["cacheCreation", "cacheCreationTokens"],
]);

/** What an increment of a metric used: tokens of its kind, or money. */
export function amountOf(point: LiveUsage, grown: Increment): Amount {
  const amount = {
    first: point.time,
    last: point.time,
    model: point.model,
    stage: point.stage,
    entries: 1,
    requests: 0,
    priced: 0,
    unpricedRequests: 0,
    inputTokens: 0n,
    outputTokens: 0n,
    cacheReadTokens: 0n,
    cacheCreationTokens: 0n,
    costNanoUsd: 0n,
  };
  if (point.metric === "cost") {
    const cost = point.sumNanoUsd ?? nanoUsd(grown.value);
    return cost === undefined ? amount : { ...amount, priced: 1, costNanoUsd: cost };
  }
  const column = columnOfKind.get(point.tokenKind);
  return column === undefined ? amount : { ...amount, [column]: grown.exact ?? whole(grown.value) };
}

/** USD in billionths, rounded as the store rounds: half away from zero. Undefined where DECIMAL(38,9) does not hold it. */
function nanoUsd(usd: number): bigint | undefined {
  const scaled = usd * NANO_USD;
  const cut = Math.trunc(scaled);
  const rounded = Math.abs(scaled - cut) >= 0.5 ? cut + Math.sign(scaled) : cut;
  return Math.abs(rounded) < MOST_NANO_USD ? BigInt(rounded) : undefined;
}

/** A number as an integer, rounded as the store rounds: half to even. 0 where BIGINT does not hold it. */
function whole(value: number): bigint {
  if (!(value >= LEAST_INT && value < MOST_INT)) return 0n;
  const floor = Math.floor(value);
  const above = value - floor;
  const up = above > 0.5 || (above === 0.5 && floor % 2 !== 0);
  return BigInt(up ? floor + 1 : floor);
}
