import { costText, hourlyText } from "../format/numbers.ts";
import { microsOf } from "../format/time.ts";
import { RUNNING_MS } from "../live/options.ts";
import type { WireState } from "./schema.ts";

type ShowUsd = (usd: number) => string;

/** Money of a live state: of a session, a day, or a part of one. */
interface Spent {
  readonly cost_usd: number | string | null;
  readonly unpriced_requests: number | null;
}

/** How fast a session or all of them spend. */
interface Rate {
  readonly usd_per_minute: number | null;
  readonly unpriced_requests_of_rate: number;
}

/** USD for showing: beyond what a double holds rounded. Undefined where nothing has a price. */
export function usdSpent({ cost_usd }: Pick<Spent, "cost_usd">): number | undefined {
  return cost_usd === null ? undefined : Number(cost_usd);
}

/** What was spent: `$0.14`; `≥ $0.14` with requests that have no price, a dash without any that has. */
export function spentText(spent: Spent, show?: ShowUsd): string {
  return costText(usdSpent(spent), spent.unpriced_requests ?? 0, show);
}

/** What is spent in an hour: `$0.36/h`, or `≥ $0.36/h` like `spentText`; empty where nothing is. */
export function rateText(rate: Rate, show?: ShowUsd): string {
  const { usd_per_minute: usdPerMinute, unpriced_requests_of_rate: unpricedRequests } = rate;
  return hourlyText({ usdPerMinute, unpricedRequests }, show);
}

/** How far a backlog was read, 0 to 1; null without one, or before it is known whether there is one. */
export function backlogRead({ ready, catching_up }: WireState): number | null {
  return ready || catching_up !== 0 ? catching_up : null;
}

/** Whether a session was active lately, at the time of a live state. */
export function isRunning(
  { last_activity }: { readonly last_activity: string },
  time: string,
  withinMs: number = RUNNING_MS,
): boolean {
  return microsOf(time) - microsOf(last_activity) < withinMs * 1000;
}
