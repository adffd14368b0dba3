import {
  compactDuration,
  compactUsd,
  costText,
  hourlyText,
  usdDecimals,
} from "@cctelemetry/core/light";
import type { StatusSession } from "../status-view.ts";

/** Billionths of a dollar as dollars, for showing. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / 1e9;
}

/** What has a known and an unknown part: a session, a day or a part of one. */
interface Spent {
  readonly costNanoUsd: number | null;
  readonly unpricedRequests: number;
}

/** What something cost: `$0.14`; `≥ $0.14` with requests that have no price, a dash without any that has. */
export function costOf(spent: Spent, show: (usd: number) => string): string {
  const { costNanoUsd, unpricedRequests } = spent;
  return costText(costNanoUsd === null ? undefined : usdOf(costNanoUsd), unpricedRequests, show);
}

/** What a session spends in an hour: `$0.36/h`, `≥ $0.36/h`; empty where it spends nothing. */
export function rateOf({ usdPerMinute, unpricedOfRate }: StatusSession): string {
  return hourlyText({ usdPerMinute, unpricedRequests: unpricedOfRate }, shortUsd);
}

/** Money with the digits by which small amounts differ: `$0.139`, `$12.30`. */
export function fineUsd(usd: number): string {
  return compactUsd(usd, usdDecimals(usd));
}

/** Money at a glance: cents, and more digits only below a cent. */
export function shortUsd(usd: number): string {
  return usd === 0 || usd >= 0.01 ? compactUsd(usd, usd >= 10_000 ? 0 : 2) : compactUsd(usd);
}

/** A length of time in one step: `41 s`, `23 min`, `3h 04m`. */
export function spanText(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes >= 1 && minutes < 60 ? `${minutes} min` : compactDuration(milliseconds);
}

/** `1 request`, `2 requests`. */
export function counted(count: number, one: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : `${one}s`}`;
}
