/** Numbers and times as people read them. */
import {
  compactCount,
  compactDuration,
  compactRatio,
  compactUsd,
  costText,
  escapeUnsafe,
  MISSING,
  usdDecimals,
  zonedClock,
} from "@cctelemetry/core/text";

export type Shown = number | string | null | undefined;

/** `182k`; the digits of an exact text are rounded for this alone. */
export function tokensText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactCount(Number(value));
}

/** `$0.14` */
export function usdText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactUsd(Number(value));
}

/** A live cost: `$0.14`; `≥ $0.14` with requests that have no price, a dash without any that has. */
export function liveCostText(spent: {
  readonly costUsd: string | null;
  readonly unpricedRequests: number;
}): string {
  const { costUsd, unpricedRequests } = spent;
  return costText(costUsd === null ? undefined : Number(costUsd), unpricedRequests);
}

/** What a rate by the minute comes to in an hour: `$0.36`; a dash where nothing has a price. */
export function hourlyText(usdPerMinute: number | null): string {
  return usdPerMinute === null ? MISSING : compactUsd(usdPerMinute * 60);
}

/** Amounts that stand under each other, alike in their decimals. */
export function usdTexts(values: readonly number[]): readonly string[] {
  const decimals = usdDecimals(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  return values.map((value) => compactUsd(value, decimals));
}

/** `4m 12s`, of milliseconds. */
export function durationText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactDuration(Number(value));
}

/** `93 %` */
export function ratioText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactRatio(Number(value));
}

/** `2 s ago`, `4m 10s ago`; `now` below a second. Times in microseconds. */
export function agoText(time: number, now: number): string {
  const ms = Math.max(0, (now - time) / 1000);
  return ms < 1000
    ? "now"
    : `${compactDuration(ms < 60_000 ? Math.floor(ms / 1000) * 1000 : ms)} ago`;
}

/** A time of day, `10:01:02`, of microseconds. */
export function clockText(micros: number, timeZone: string): string {
  return zonedClock(timeZone)
    .seconds(BigInt(Math.trunc(micros)))
    .slice(11);
}

/** The beginning of an identifier that is long enough to know it by. */
export function shortId(id: string): string {
  const safe = escapeUnsafe(id);
  return /^[0-9a-f]{8}-/.test(safe) ? safe.slice(0, 8) : safe.slice(0, 24);
}
