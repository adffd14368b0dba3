import { isoUtc } from "../format/time.ts";
import { exactUsd } from "../live/money.ts";
import type {
  LiveBurn,
  LiveEventLine,
  LivePart,
  LiveSession,
  LiveSnapshot,
  LiveSpent,
  LiveTotals,
} from "../live/snapshot.ts";
import type { WireEvent, WireFile, WireSession, WireState, WireStore } from "./schema.ts";

/** What a live state is made of. */
export interface WireParts {
  readonly snapshot: LiveSnapshot;
  readonly files: readonly WireFile[];
  readonly store: WireStore;
  /** False until everything that was there at the beginning is part of the snapshot. */
  readonly ready: boolean;
  /** How far a large backlog was read, 0 to 1; undefined without one. */
  readonly catchingUp: number | undefined;
}

/**
 * The live state in the form in which it leaves the core. Sessions that have not changed are taken
 * from `known`.
 */
export function toWire(
  { snapshot, files, store, ready, catchingUp }: WireParts,
  known: WeakMap<LiveSession, WireSession>,
): WireState {
  const { now, sessions, today, recent } = snapshot;
  return {
    time: instant(now),
    ready,
    catching_up: catchingUp ?? (ready ? null : 0),
    store,
    files: withoutReplaced(files),
    today: { day: today.day, sessions: today.sessions, ...totals(today), ...rates(today.burn) },
    sessions: sessions.map((each) => {
      const session = known.get(each) ?? wireSession(each);
      known.set(each, session);
      return session;
    }),
    recent: recent.map(wireEvent),
  };
}

/** One session. */
export function wireSession(each: LiveSession): WireSession {
  return {
    session_id: each.sessionId,
    first_time: instant(each.firstTime),
    last_time: instant(each.lastTime),
    last_activity: instant(each.lastActivity),
    model: each.model ?? null,
    workflow_id: each.workflowId ?? null,
    stage: each.stage ?? null,
    attribution: each.attribution,
    task_id: each.taskId ?? null,
    agent: each.agent ?? null,
    prompt_id: each.promptId ?? null,
    source: each.source ?? null,
    ...totals(each),
    context_tokens: each.contextTokens === undefined ? null : exact(each.contextTokens),
    ...rates(each.burn),
    models: each.models.map((part) => ({ model: part.name ?? null, ...usage(part) })),
    stages: each.stages.map((part) => ({ stage: part.name ?? null, ...usage(part) })),
  };
}

/** Without files that are gone and have a successor at their path: nobody misses them. */
function withoutReplaced(files: readonly WireFile[]): readonly WireFile[] {
  const present = new Set(files.filter(({ state }) => state !== "missing").map(({ path }) => path));
  return files.filter(({ path, state }) => state !== "missing" || !present.has(path));
}

function totals(sums: LiveTotals) {
  return {
    ledger: sums.ledger ?? null,
    requests: sums.requests ?? null,
    ...spent(sums),
    unpriced_requests: sums.requests === undefined ? null : sums.unpricedRequests,
    cache_hit_rate: sums.cacheHitRate ?? null,
    errors: sums.errors,
    refusals: sums.refusals,
    tool_calls: sums.toolCalls,
    tool_failures: sums.toolFailures,
    prompts: sums.prompts,
  };
}

function rates({ tokensPerMinute, usdPerMinute, unpricedRequests }: LiveBurn) {
  return {
    tokens_per_minute: tokensPerMinute,
    usd_per_minute: usdPerMinute ?? null,
    unpriced_requests_of_rate: unpricedRequests,
  };
}

function usage(part: LivePart) {
  return { requests: part.requests, ...spent(part), unpriced_requests: part.unpricedRequests };
}

function spent(sums: Omit<LiveSpent, "unpricedRequests">) {
  return {
    input_tokens: exact(sums.inputTokens),
    output_tokens: exact(sums.outputTokens),
    cache_read_tokens: exact(sums.cacheReadTokens),
    cache_creation_tokens: exact(sums.cacheCreationTokens),
    total_tokens: exact(sums.totalTokens),
    cost_usd: sums.costNanoUsd === undefined ? null : shortest(exactUsd(sums.costNanoUsd)),
  };
}

function wireEvent(each: LiveEventLine): WireEvent {
  const head = {
    time: instant(each.time),
    event_name: each.name,
    session_id: each.sessionId ?? null,
    workflow_id: each.workflowId ?? null,
    stage: each.stage ?? null,
    task_id: each.taskId ?? null,
    model: each.model ?? null,
    duration_ms: each.durationMs === undefined ? null : exact(each.durationMs),
  };
  const tail = { record_id: each.id };
  switch (each.kind) {
    case "request": {
      const { kind, source, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens } =
        each;
      const totalTokens = inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens;
      return { kind, ...head, source, ...spent({ ...each, totalTokens }), ...tail };
    }
    case "error": {
      const { kind, error = null, statusCode = null } = each;
      return { kind, ...head, error, status_code: statusCode, ...tail };
    }
    case "tool": {
      const { kind, toolName = null, success = null } = each;
      return { kind, ...head, tool_name: toolName, success, ...tail };
    }
    case "prompt": {
      const { kind, promptLength, commandName = null } = each;
      const length = promptLength === undefined ? null : exact(promptLength);
      return { kind, ...head, prompt_length: length, command_name: commandName, ...tail };
    }
    case "mark":
      return { kind: each.kind, ...head, subject: each.action ?? null, ...tail };
    case "event":
      return { kind: each.kind, ...head, subject: each.toolName ?? null, ...tail };
    default:
      return { kind: each.kind, ...head, ...tail };
  }
}

function instant(micros: number): string {
  return isoUtc(BigInt(Math.trunc(micros)));
}

/** A number where a double holds it, else its digits. */
function exact(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** A number where a double prints the same digits, else those. */
function shortest(digits: string): number | string {
  return String(Number(digits)) === digits ? Number(digits) : digits;
}
