import type { WireFile, WireState } from "@cctelemetry/core";
import type {
  LiveEventLine,
  LiveSession,
  LiveSnapshot,
  LiveToday,
} from "../../../core/src/live/snapshot.ts";
import { toWire, type WireParts } from "../../../core/src/wire/to-wire.ts";

/** 2026-11-21 14:03:20 UTC. */
export const NOW = Date.UTC(2026, 10, 21, 14, 3, 20) * 1000;

const SECOND = 1_000_000;

/** The clock of UTC: `14:03:20`. */
export function clock(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(11, 19);
}

/** A session with so many thousand input tokens, last active so many seconds ago. */
export function session(
  id: string,
  thousands: number,
  idleSeconds: number,
  more: Partial<LiveSession> = {},
): LiveSession {
  const last = NOW - idleSeconds * SECOND;
  const running = idleSeconds < 300;
  return {
    sessionId: id,
    ledger: "events",
    firstTime: last - 600 * SECOND,
    lastTime: last,
    lastActivity: last,
    requests: thousands,
    inputTokens: BigInt(thousands),
    outputTokens: BigInt(thousands * 5),
    cacheReadTokens: BigInt(thousands * 900),
    cacheCreationTokens: BigInt(thousands * 94),
    totalTokens: BigInt(thousands * 1000),
    costNanoUsd: BigInt(thousands) * 1_310_000n,
    unpricedRequests: 0,
    cacheHitRate: 0.905,
    errors: 0,
    refusals: 0,
    toolCalls: 3,
    toolFailures: 0,
    prompts: 1,
    model: "claude-opus-5-5",
    source: "main",
    attribution: more.stage === undefined ? "none" : "tag",
    workflowId: undefined,
    stage: undefined,
    taskId: undefined,
    agent: undefined,
    promptId: undefined,
    contextTokens: 46_000n,
    burn: running
      ? { tokensPerMinute: 12_345, usdPerMinute: 0.006, unpricedRequests: 0 }
      : { tokensPerMinute: 0, usdPerMinute: 0, unpricedRequests: 0 },
    models: [],
    stages: [],
    ...more,
  };
}

const common = {
  sessionId: "1f3a9c2e-0000-4000-8000-000000000001",
  userId: undefined,
  workflowId: ".claude-4nq",
  stage: "implement",
  taskId: undefined,
  agent: undefined,
  model: "claude-opus-5-5",
  promptId: undefined,
  durationMs: 2345n,
} as const;

const spent = {
  inputTokens: 3n,
  outputTokens: 250n,
  cacheReadTokens: 11_000n,
  cacheCreationTokens: 900n,
  costNanoUsd: 14_200_000n,
  isPriced: true,
  requestId: undefined,
  agentId: undefined,
  agentName: undefined,
  traceId: undefined,
  spanId: undefined,
} as const;

/** Who an event is, and when: two seconds before the one before it in the list. */
function at(index: number) {
  return { id: `event-${index}`, time: NOW - index * 2 * SECOND } as const;
}

/** One event of each kind, and an old request; newest first. */
export const events: readonly LiveEventLine[] = [
  { ...common, ...at(0), ...spent, kind: "request", name: "api_request", source: "main" },
  { ...common, ...at(1), kind: "tool", name: "tool_result", toolName: "Bash", success: true },
  { ...common, ...at(2), kind: "tool", name: "tool_result", toolName: "Edit", success: false },
  {
    ...common,
    ...at(3),
    kind: "error",
    name: "api_error",
    statusCode: "529",
    error: "overloaded_error: the service is overloaded, please try again in a moment",
  },
  {
    ...common,
    ...at(4),
    ...spent,
    kind: "request",
    name: "api_request",
    source: "subagent",
    stage: undefined,
  },
  { ...common, ...at(5), kind: "refusal", name: "api_refusal" },
  {
    ...common,
    ...at(6),
    kind: "prompt",
    name: "user_prompt",
    promptLength: 1234n,
    commandName: "/review",
    durationMs: undefined,
  },
  {
    ...common,
    ...at(7),
    kind: "event",
    name: "mcp_server_connection",
    toolName: undefined,
    sessionId: undefined,
  },
  { ...common, ...at(8), ...spent, kind: "request", name: "api_request", source: "main" },
];

const sessions: readonly LiveSession[] = [
  session("1f3a9c2e-0000-4000-8000-000000000001", 404, 0, {
    workflowId: ".claude-4nq",
    stage: "implement",
    errors: 1,
  }),
  session("9b1e77aa-0000-4000-8000-000000000002", 27, 130, {
    model: "claude-haiku-5-5-20261001",
    workflowId: ".claude-4nq",
    stage: "review",
    contextTokens: undefined,
  }),
  session("plain-id", 2400, 299, { ledger: "metrics", requests: undefined, model: undefined }),
  session("77777777-0000-4000-8000-000000000003", 0, 3_700, { cacheHitRate: undefined }),
];

/** A followed file of 10 bytes. */
export function file(path: string, more: Partial<WireFile> = {}): WireFile {
  const read = { size_bytes: 10, cursor_offset: 10, rejected_lines: 0 };
  return { path, state: "following", reason: null, ...read, ...more };
}

const { requests: _requests, ...totals } = session("", 2831, 0);

/** What today came to. */
export const today: LiveToday = {
  ...totals,
  requests: 2831,
  errors: 1,
  day: "2026-11-21",
  sessions: 3,
};

/** Four sessions, one event of each kind, one followed file; and what a test wants otherwise. */
export function view(
  more: Partial<Omit<WireParts, "snapshot">> & { readonly snapshot?: Partial<LiveSnapshot> } = {},
): WireState {
  const parts: WireParts = {
    files: [file("/home/ada/otel/claude-code.jsonl")],
    store: { state: "ok", reason: null, hint: null },
    catchingUp: undefined,
    ready: true,
    ...more,
    snapshot: { now: NOW, sessions, today, recent: events, ...more.snapshot },
  };
  return toWire(parts, new WeakMap());
}
