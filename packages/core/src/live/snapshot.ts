import type { Attribution } from "../attribution/tags.ts";
import type { SourceKind } from "../model/source-kind.ts";
import type { LiveLog } from "./record.ts";

/** The live state at an instant. Times are microseconds since 1970 UTC. */
export interface LiveSnapshot {
  readonly now: number;
  /** Sessions with requests, prompts, tools, errors or counted metrics; newest activity first. */
  readonly sessions: readonly LiveSession[];
  /** What was used on the local day of `now`, whatever the session. */
  readonly today: LiveToday;
  /** The last events of all sessions, newest first. */
  readonly recent: readonly LiveEventLine[];
}

/** Tokens by type and what they cost. */
export interface LiveSpent {
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cacheReadTokens: bigint;
  readonly cacheCreationTokens: bigint;
  readonly totalTokens: bigint;
  /**
   * Billionths of a USD, of what has a price; undefined where nothing has. With requests without one
   * the cost is at least this.
   */
  readonly costNanoUsd: bigint | undefined;
  /** Requests whose cost nobody sent. */
  readonly unpricedRequests: number;
}

/** Sums over a session or a day. */
export interface LiveTotals extends LiveSpent {
  /** undefined if only metrics report the usage. */
  readonly requests: number | undefined;
  /** Where the usage is from; undefined where there is none. */
  readonly ledger: LiveLedger | undefined;
  /** Which part of all input tokens was read from the cache, 0 to 1; undefined without any. */
  readonly cacheHitRate: number | undefined;
  readonly errors: number;
  readonly refusals: number;
  readonly toolCalls: number;
  readonly toolFailures: number;
  readonly prompts: number;
}

/** mixed only where session ids are switched off, or over several sessions. */
export type LiveLedger = "events" | "metrics" | "mixed";

/** Sums over today. */
export interface LiveToday extends LiveTotals {
  /** The day as the state's option `day` names it, e.g. 2026-11-21. */
  readonly day: string;
  /** Sessions with usage on that day. */
  readonly sessions: number;
  /** How fast all sessions together spend. */
  readonly burn: LiveBurn;
}

/** One session. What was recorded without a session id is only in the day's totals. */
export interface LiveSession extends LiveTotals {
  readonly sessionId: string;
  readonly firstTime: number;
  readonly lastTime: number;
  /** Time of the last event of any kind, or of the last counted metric. */
  readonly lastActivity: number;
  /** Model of the last request of the main thread, else of the latest record that names one. */
  readonly model: string | undefined;
  /** Which part of the session asked last. */
  readonly source: SourceKind | undefined;
  /** How the stage of the last request, or of a mark after it, was found. */
  readonly attribution: Attribution;
  readonly workflowId: string | undefined;
  /** Undefined also where it is ambiguous. */
  readonly stage: string | undefined;
  readonly taskId: string | undefined;
  readonly agent: string | undefined;
  readonly promptId: string | undefined;
  /** Tokens the last request of the main thread sent, cached or not: the size of the context. */
  readonly contextTokens: bigint | undefined;
  readonly burn: LiveBurn;
  /** Usage by model, most expensive first. */
  readonly models: readonly LivePart[];
  /** Usage by stage, most expensive first. */
  readonly stages: readonly LivePart[];
}

/** How fast is spent, over the last minutes. */
export interface LiveBurn {
  readonly tokensPerMinute: number;
  /** Of what has a price; undefined where nothing of these minutes has. */
  readonly usdPerMinute: number | undefined;
  /** Requests of these minutes without a price: with any of them the rate is at least that. */
  readonly unpricedRequests: number;
}

/** Part of a session's usage. */
export interface LivePart extends LiveSpent {
  /** The model or stage; undefined for records without one. */
  readonly name: string | undefined;
  readonly requests: number;
}

/** One line of the list of events: the event as it was recorded. */
export type LiveEventLine = LiveLog;
