import { compactDuration, compactUsd, counted, usdDecimals } from "@cctelemetry/core/light";

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

/** `1 request`, `2,000 requests`. */
export function countedInFull(count: number, noun: string): string {
  return counted(count, noun, (each) => each.toLocaleString("en-US"));
}
