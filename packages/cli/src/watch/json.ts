import type {
  LiveEventLine,
  LivePart,
  LiveSession,
  LiveSpent,
  LiveToday,
  LiveTotals,
} from "@cctelemetry/core";
import { exactUsd, formats, type SheetColumn, type Value } from "@cctelemetry/core/light";
import type { WatchView } from "./frame.ts";

type Fields = Readonly<Record<string, Value>>;

const columns: readonly SheetColumn[] = [
  { name: "time", type: "TIMESTAMP WITH TIME ZONE" },
  { name: "catching_up", type: "DOUBLE" },
  { name: "store", type: "STRUCT" },
  { name: "files", type: "STRUCT[]" },
  { name: "today", type: "STRUCT" },
  { name: "sessions", type: "STRUCT[]" },
  { name: "recent", type: "STRUCT[]" },
];

/** The live state as one line of JSON: names as in the views, numbers exact, times in UTC. */
export function viewJson(view: WatchView): string {
  const { snapshot, files, store } = view;
  const row: readonly Value[] = [
    instant(snapshot.now),
    unread(view),
    { state: store.kind, reason: "message" in store ? store.message : null },
    files.map(({ path, condition, sizeBytes, offset, rejectedLines }) => ({
      path,
      state: condition.kind,
      reason: "reason" in condition ? condition.reason : null,
      size_bytes: sizeBytes,
      cursor_offset: offset,
      rejected_lines: rejectedLines,
    })),
    today(snapshot.today),
    snapshot.sessions.map(sessionFields),
    snapshot.recent.map(event),
  ];
  return formats.jsonl(columns).rows([row]);
}

/** How far what was there is read, 0 to 1; null once the numbers hold all of it. */
function unread({ catchingUp, ready }: WatchView): number | null {
  return catchingUp ?? (ready ? null : 0);
}

function today(day: LiveToday): Fields {
  return { day: day.day, sessions: day.sessions, ...totals(day), ...rates(day.burn) };
}

function rates({ tokensPerMinute, usdPerMinute }: LiveSession["burn"]): Fields {
  return { tokens_per_minute: tokensPerMinute, usd_per_minute: usdPerMinute ?? null };
}

/** One session: names as in the view `sessions`. */
export function sessionFields(each: LiveSession): Fields {
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
    context_tokens: each.contextTokens ?? null,
    ...rates(each.burn),
    models: each.models.map((part) => ({ model: part.name ?? null, ...partOf(part) })),
    stages: each.stages.map((part) => ({ stage: part.name ?? null, ...partOf(part) })),
  };
}

function totals(sums: LiveTotals): Fields {
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

function partOf(part: LivePart): Fields {
  return { requests: part.requests, ...spent(part), unpriced_requests: part.unpricedRequests };
}

function spent(sums: Omit<LiveSpent, "unpricedRequests">): Fields {
  return {
    input_tokens: sums.inputTokens,
    output_tokens: sums.outputTokens,
    cache_read_tokens: sums.cacheReadTokens,
    cache_creation_tokens: sums.cacheCreationTokens,
    total_tokens: sums.totalTokens,
    cost_usd: sums.costNanoUsd === undefined ? null : usd(sums.costNanoUsd),
  };
}

function event(each: LiveEventLine): Fields {
  return {
    time: instant(each.time),
    event_name: each.name,
    session_id: each.sessionId ?? null,
    workflow_id: each.workflowId ?? null,
    stage: each.stage ?? null,
    task_id: each.taskId ?? null,
    model: each.model ?? null,
    duration_ms: each.durationMs ?? null,
    ...ownFields(each),
    record_id: each.id,
  };
}

function ownFields(each: LiveEventLine): Fields {
  switch (each.kind) {
    case "request":
      return {
        source: each.source,
        ...spent({ ...each, totalTokens: totalOf(each) }),
      };
    case "error":
      return { error: each.error ?? null, status_code: each.statusCode ?? null };
    case "tool":
      return { tool_name: each.toolName ?? null, success: each.success ?? null };
    case "prompt":
      return { prompt_length: each.promptLength ?? null, command_name: each.commandName ?? null };
    default:
      return {};
  }
}

function totalOf(
  request: Omit<LiveSpent, "totalTokens" | "costNanoUsd" | "unpricedRequests">,
): bigint {
  const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens } = request;
  return inputTokens + outputTokens + cacheReadTokens + cacheCreationTokens;
}

function instant(micros: number): Value {
  return { kind: "time", micros: BigInt(micros) };
}

/** As a number where a double prints the same digits, else as text. */
function usd(nanoUsd: bigint): Value {
  const exact = exactUsd(nanoUsd);
  return String(Number(exact)) === exact ? Number(exact) : exact;
}
