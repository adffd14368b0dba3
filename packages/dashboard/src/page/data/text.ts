/** Numbers and times as people read them. */
import {
  compactCount,
  compactDuration,
  compactRatio,
  compactUsd,
  costText,
  counted,
  escapeUnsafe,
  MISSING,
  microsOf,
  usdDecimals,
  zonedClock,
} from "@cctelemetry/core/text";
import type { LiveMessage } from "../../host/protocol.ts";

export type Shown = number | string | null | undefined;

/** `182k`; the digits of an exact text are rounded for this alone. */
export function tokensText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactCount(Number(value));
}

/** A number of the live state, nothing rounded; a cost that nobody sent has no price. */
export function exactText(value: number | string | null): string {
  return value === null ? "no price" : String(value);
}

/** `$0.14` */
export function usdText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactUsd(Number(value));
}

type Rate = Pick<LiveMessage["today"], "usd_per_minute" | "unpriced_requests_of_rate">;

/** What is spent in an hour: `$0.36`, like a live cost; a dash where nothing has a price. */
export function hourlyText(rate: Rate): string {
  const { usd_per_minute: usd, unpriced_requests_of_rate: unpriced } = rate;
  return costText(usd === null ? undefined : usd * 60, unpriced);
}

/** A cost of a row, as far as it is known. */
export interface PartlyKnown {
  /** undefined if nothing has a price. */
  readonly usd: number | undefined;
  readonly unpricedRequests: number;
}

/** A cost by itself: `$0.14`, `≥ $0.14`, or a dash. */
export function partlyKnownText({ usd, unpricedRequests }: PartlyKnown): string {
  return costText(usd, unpricedRequests);
}

/** Costs that stand under each other, alike in their decimals. */
export function costTexts(costs: readonly PartlyKnown[]): readonly string[] {
  const decimals = usdDecimals(
    costs.reduce((most, { usd }) => Math.max(most, Math.abs(usd ?? 0)), 0),
  );
  return costs.map(({ usd, unpricedRequests }) =>
    costText(usd, unpricedRequests, (value) => compactUsd(value, decimals)),
  );
}

/** `4m 12s`, of milliseconds. */
export function durationText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactDuration(Number(value));
}

/** `93 %` */
export function ratioText(value: Shown): string {
  return value === null || value === undefined ? MISSING : compactRatio(Number(value));
}

/** `2 s ago`, `4m 10s ago`; `now` below a second. */
export function agoText(time: string, now: string): string {
  const ms = Math.max(0, (microsOf(now) - microsOf(time)) / 1000);
  return ms < 1000
    ? "now"
    : `${compactDuration(ms < 60_000 ? Math.floor(ms / 1000) * 1000 : ms)} ago`;
}

/** A time of day, `10:01:02`. */
export function clockText(time: string, timeZone: string): string {
  return zonedClock(timeZone)
    .seconds(BigInt(microsOf(time)))
    .slice(11);
}

/** The beginning of an identifier that is long enough to know it by. */
export function shortId(id: string): string {
  const safe = escapeUnsafe(id);
  return /^[0-9a-f]{8}-/.test(safe) ? safe.slice(0, 8) : safe.slice(0, 24);
}

/** `1 request`, `3 requests` */
export function plural(count: number, one: string): string {
  return counted(count, one, tokensText);
}
