import { NO_BURN } from "./burn.ts";
import { Counts } from "./counts.ts";
import type { DaySpan } from "./request-days.ts";
import type { Session } from "./session.ts";
import type { LiveBurn, LiveSession, LiveToday, LiveTotals } from "./snapshot.ts";
import { stageNow } from "./stage-now.ts";
import { cacheHitRate, knownRequests, ledgerOfSums, partsOf, Sums, spent } from "./sums.ts";
import type { Usage } from "./usage.ts";

/** What is asked of the sessions: how they are at a time, and which of their metrics do not count. */
export interface Ask {
  readonly now: number;
  /** Whether requests of other sessions hold the usage that a user's metrics report for some days. */
  readonly isCovered: (hasSession: boolean, userId: string | undefined, span: DaySpan) => boolean;
}

/**
 * A session as it is shown; undefined where it has neither usage nor prompts, tools or errors.
 * Sessions that have not changed are taken from `known`, but for their burn rate.
 */
export function sessionShown(
  sessionId: string,
  session: Session,
  { now, isCovered }: Ask,
  known: WeakMap<Session, LiveSession>,
): LiveSession | undefined {
  const usage = session.usage((userId) => (span) => isCovered(true, userId, span));
  const settled = usage === session.requested;
  const shown =
    (settled ? known.get(session) : undefined) ?? withoutBurn(sessionId, session, usage);
  if (shown === undefined) return undefined;
  if (settled) known.set(session, shown);
  const burn = usage.burn.rate(now, shown.firstTime);
  return burn === NO_BURN ? shown : { ...shown, burn };
}

function withoutBurn(sessionId: string, session: Session, usage: Usage): LiveSession | undefined {
  const { counts, context } = session;
  const { total, labels, byModel } = usage;
  const firstTime = Math.min(total.first, counts.first);
  if (!Number.isFinite(firstTime)) return undefined;
  return {
    sessionId,
    ...totals(total, counts),
    firstTime,
    lastTime: Math.max(total.last, counts.last),
    lastActivity: Math.max(total.last, session.lastEvent),
    model: (labels.mainModel ?? labels.model)?.value,
    source: session.source?.value,
    ...stageNow(session, usage),
    promptId: labels.promptId?.value,
    contextTokens: context?.value,
    burn: NO_BURN,
    models: partsOf(byModel),
    stages: partsOf(session.byStage(usage)),
  };
}

/** What was used and happened on a day, whatever the session. */
export function todayShown(
  day: string,
  sessions: readonly (readonly [string | undefined, Session])[],
  { now, isCovered }: Ask,
): LiveToday {
  const sums = new Sums();
  const counts = new Counts();
  const rates: LiveBurn[] = [];
  let used = 0;
  for (const [id, session] of sessions) {
    const usage = session.usage((userId) => (span) => isCovered(id !== undefined, userId, span));
    const own = usage.byDay.get(day);
    if (own !== undefined) {
      sums.add(own);
      if (id !== undefined) used++;
    }
    const happened = session.countsByDay.get(day);
    if (happened !== undefined) counts.merge(happened);
    rates.push(usage.burn.rate(now, usage.total.first));
  }
  return { day, sessions: used, ...totals(sums, counts), burn: together(rates) };
}

/** The sum of rates; sorted first, so that it does not depend on the order of the sessions. */
function together(rates: readonly LiveBurn[]): LiveBurn {
  const sum = (numbers: number[]): number =>
    numbers.sort((a, b) => a - b).reduce((a, b) => a + b, 0);
  const priced = rates.flatMap(({ usdPerMinute }) => usdPerMinute ?? []);
  const spending = rates.filter((rate) => rate !== NO_BURN);
  const isUnpriced = spending.length > 0 && spending.every((it) => it.usdPerMinute === undefined);
  return {
    tokensPerMinute: sum(rates.map(({ tokensPerMinute }) => tokensPerMinute)),
    usdPerMinute: isUnpriced ? undefined : sum(priced),
    unpricedRequests: sum(rates.map(({ unpricedRequests }) => unpricedRequests)),
  };
}

function totals(sums: Sums, counts: Counts): LiveTotals {
  return {
    ...spent(sums),
    requests: knownRequests(sums),
    ledger: ledgerOfSums(sums),
    cacheHitRate: cacheHitRate(sums),
    errors: counts.errors,
    refusals: counts.refusals,
    toolCalls: counts.toolCalls,
    toolFailures: counts.toolFailures,
    prompts: counts.prompts,
  };
}
