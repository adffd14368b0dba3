import type { MarkAction } from "../attribution/stage-marks.ts";
import type { Found } from "../attribution/tags.ts";
import type { SourceKind } from "../model/source-kind.ts";
import type { RequestDay } from "./request-days.ts";

/**
 * What the live state needs of one record, whether it was decoded just now or
 * read from the store. Times are microseconds since 1970 UTC, tokens bigint,
 * money billionths of a USD as bigint; what was not sent is undefined.
 */
export type LiveRecord = LiveLog | LiveUsage;

/** A log record: any event of Claude Code. */
export type LiveLog =
  | LiveRequest
  | LiveError
  | LiveRefusal
  | LiveTool
  | LivePrompt
  | LiveMark
  | LiveOther;

/** The fields of every record. */
export interface LiveCommon {
  /** The record's id as the store prints it: a UUID in lower case. */
  readonly id: string;
  readonly time: number;
  readonly sessionId: string | undefined;
  readonly userId: string | undefined;
  readonly workflowId: string | undefined;
  /** By the record's own tag. */
  readonly stage: string | undefined;
  readonly taskId: string | undefined;
  /** The agent the stage was given to, a tag of the workflow. */
  readonly agent: string | undefined;
  /** By its one name, whatever its provider calls it. */
  readonly model: string | undefined;
}

/** The fields of every log record. */
export interface LogCommon extends LiveCommon {
  /** Name of the event without the prefix claude_code; empty where it has none. */
  readonly name: string;
  readonly promptId: string | undefined;
  readonly durationMs: bigint | undefined;
}

/** An api_request: a request that the API answered. Tokens that were not sent are 0. */
export interface LiveRequest extends LogCommon {
  readonly kind: "request";
  /** Under which the same request may be recorded more than once; undefined before Claude Code 2.1.112. */
  readonly requestId: string | undefined;
  readonly source: SourceKind;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cacheReadTokens: bigint;
  readonly cacheCreationTokens: bigint;
  /** Undefined if it is unknown. */
  readonly costNanoUsd: bigint | undefined;
  /** The subagent's run that asked, and its type. */
  readonly agentId: string | undefined;
  readonly agentName: string | undefined;
  /** The span it was sent in. */
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
}

/** An api_error: a request that failed for good. */
export interface LiveError extends LogCommon {
  readonly kind: "error";
  readonly error: string | undefined;
  readonly statusCode: string | undefined;
}

/** An api_refusal: a request that the model refused. */
export interface LiveRefusal extends LogCommon {
  readonly kind: "refusal";
}

/** A tool_result: a tool that ran, or was kept from running. */
export interface LiveTool extends LogCommon {
  readonly kind: "tool";
  readonly toolName: string | undefined;
  readonly success: boolean | undefined;
}

/** A user_prompt. */
export interface LivePrompt extends LogCommon {
  readonly kind: "prompt";
  readonly promptLength: bigint | undefined;
  readonly commandName: string | undefined;
}

/** A stage_mark: what a stage, a prompt, a subagent or the whole session is for. */
export interface LiveMark extends LogCommon {
  readonly kind: "mark";
  /** Undefined for one that is unknown. */
  readonly action: MarkAction | undefined;
  readonly agentId: string | undefined;
}

/** Any other event. */
export interface LiveOther extends LogCommon {
  readonly kind: "event";
  readonly toolName: string | undefined;
}

/** A point of claude_code.token.usage or claude_code.cost.usage that counts. */
export interface LiveUsage extends LiveCommon {
  readonly kind: "usage";
  readonly metric: "tokens" | "cost";
  /** Kind of token: input, output, cacheRead or cacheCreation; undefined for any other, and for cost. */
  readonly tokenKind: string | undefined;
  readonly value: number;
  /** The value exactly, where it was sent as an integer. */
  readonly valueInt: bigint | undefined;
  /** When it began to grow to this value; undefined where that was not sent. */
  readonly start: number | undefined;
  /** Type of the subagent. */
  readonly agentName: string | undefined;
  /** Of a point that stands for several points of money: what they came to. */
  readonly sumNanoUsd?: bigint;
  /** Where the value is cumulative: what it is a difference within; undefined for a delta. */
  readonly series: LiveSeries | undefined;
}

/** Where a cumulative point stands in its series. */
export interface LiveSeries {
  /** Key of the series: points of one metric, resource, scope, attributes and start. */
  readonly key: string;
  /** Nanoseconds of the point's time below the microsecond. */
  readonly nanos: number;
  readonly monotonic: boolean;
}

/** Totals per quarter hour of those requests or events of a session that have equal labels. */
export type LiveGroup = LiveRequestGroup | LiveEventGroup;

interface GroupCommon {
  readonly sessionId: string | undefined;
  readonly workflowId: string | undefined;
  readonly stage: string | undefined;
  readonly taskId: string | undefined;
  readonly agent: string | undefined;
  readonly model: string | undefined;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** The last prompt that any of them names, and when. */
  readonly prompt: { readonly time: number; readonly id: string } | undefined;
}

/** Requests; the sums of what they used. */
export interface LiveRequestGroup extends GroupCommon {
  readonly kind: "requests";
  readonly source: SourceKind;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly cacheReadTokens: bigint;
  readonly cacheCreationTokens: bigint;
  /** How many of them have a known cost, and what those cost. */
  readonly priced: number;
  readonly costNanoUsd: bigint;
  /** Tokens that the last of them sent. */
  readonly context: bigint;
  /** The subagent's run that asked all of them. */
  readonly agentId: string | undefined;
  /** When the first and the last of them began, microseconds. */
  readonly firstBegan: number;
  readonly lastBegan: number;
  /** The type of subagent and the prompt that the last of them names. */
  readonly agentName: string | undefined;
  readonly lastPromptId: string | undefined;
}

/** Events other than requests and marks. */
export interface LiveEventGroup extends GroupCommon {
  readonly kind: "events";
  readonly of: Exclude<LiveLog["kind"], "request" | "mark">;
  /** Whether they are tools that failed. */
  readonly failed: boolean;
}

/** What spans of an orchestrator say of the stages of a session, by trace and by `trace:span`. */
export interface SessionTraces {
  readonly sessionId: string;
  readonly traces: ReadonlyMap<string, Found>;
}

/** What the live state takes from the store in one go; each record is in one of the lists only. */
export interface LiveRows {
  readonly records: readonly LiveRecord[];
  readonly groups: readonly LiveGroup[];
  /** From before the records: marks of the sessions of the groups, and requests whose stage these may name. */
  readonly older: readonly (LiveMark | LiveRequest)[];
  /** Of the sessions of the groups and records that have any. */
  readonly traces: readonly SessionTraces[];
  /** Events that are counted in groups, for the list of the last events. */
  readonly recent: readonly LiveLog[];
  /** Days with requests, whether or not these are in the lists. */
  readonly days: readonly RequestDay[];
}

/** Which part of the store the live state is taken from; microseconds. */
export interface LiveScope {
  /** Sessions with a record since then are taken whole. */
  readonly since: number;
  /** Records since then are taken one by one, older ones in groups. */
  readonly detailedSince: number;
  /** How many of the last events are taken. */
  readonly recentEvents: number;
}
