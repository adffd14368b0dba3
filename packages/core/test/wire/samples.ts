import fc from "fast-check";
import { sources } from "../../src/attribution/tags.ts";
import type {
  LiveEventLine,
  LivePart,
  LiveSession,
  LiveSnapshot,
} from "../../src/live/snapshot.ts";
import type { WireFile } from "../../src/wire/schema.ts";
import type { WireParts } from "../../src/wire/to-wire.ts";

/** Text of any kind and of any length up to more than is ever sent. */
const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "__proto__", "\u202e\u0007\x1b[2J", "<img src=x>", "x".repeat(40_000)),
  fc.nat(2_000).map((length) => "🙂".repeat(length)),
);
const name = fc.option(hostile, { nil: undefined });
const integer = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
const count = fc.nat();
const micros = fc.oneof(
  fc.integer({ min: 1_790_000_000_000_000, max: 1_800_000_000_000_000 }),
  fc.double({ min: -9.3e18, max: 9.3e18, noNaN: true }),
);
const rate = fc.double({ noNaN: true, noDefaultInfinity: true });

const spent = {
  inputTokens: integer,
  outputTokens: integer,
  cacheReadTokens: integer,
  cacheCreationTokens: integer,
  totalTokens: integer,
  costNanoUsd: fc.option(integer, { nil: undefined }),
  unpricedRequests: count,
};
const totals = {
  ...spent,
  requests: fc.option(count, { nil: undefined }),
  ledger: fc.constantFrom("events", "metrics", "mixed", undefined),
  cacheHitRate: fc.option(rate, { nil: undefined }),
  errors: count,
  refusals: count,
  toolCalls: count,
  toolFailures: count,
  prompts: count,
} as const;
const burn = fc.record({
  tokensPerMinute: rate,
  usdPerMinute: fc.option(rate, { nil: undefined }),
  unpricedRequests: count,
});
const part: fc.Arbitrary<LivePart> = fc.record({ ...spent, name, requests: count });
const parts = fc.array(part, { maxLength: 3 });

const session: fc.Arbitrary<LiveSession> = fc.record({
  ...totals,
  sessionId: hostile,
  firstTime: micros,
  lastTime: micros,
  lastActivity: micros,
  model: name,
  source: fc.constantFrom("main", "subagent", "auxiliary", "unknown", undefined),
  attribution: fc.constantFrom("tag", ...sources, "ambiguous", "none"),
  workflowId: name,
  stage: name,
  taskId: name,
  agent: name,
  promptId: name,
  contextTokens: fc.option(integer, { nil: undefined }),
  burn,
  models: parts,
  stages: parts,
});

const common = {
  id: fc.uuid(),
  time: micros,
  name: hostile,
  sessionId: name,
  userId: name,
  workflowId: name,
  stage: name,
  taskId: name,
  agent: name,
  model: name,
  promptId: name,
  durationMs: fc.option(integer, { nil: undefined }),
};

const event: fc.Arbitrary<LiveEventLine> = fc.oneof(
  fc.record({
    ...common,
    kind: fc.constant("request" as const),
    requestId: name,
    source: fc.constantFrom("main", "subagent", "auxiliary", "unknown"),
    inputTokens: integer,
    outputTokens: integer,
    cacheReadTokens: integer,
    cacheCreationTokens: integer,
    costNanoUsd: fc.option(integer, { nil: undefined }),
    isPriced: fc.boolean(),
    agentId: name,
    agentName: name,
    traceId: name,
    spanId: name,
  }),
  fc.record({ ...common, kind: fc.constant("error" as const), error: name, statusCode: name }),
  fc.record({ ...common, kind: fc.constant("refusal" as const) }),
  fc.record({
    ...common,
    kind: fc.constant("tool" as const),
    toolName: name,
    success: fc.constantFrom(true, false, undefined),
  }),
  fc.record({
    ...common,
    kind: fc.constant("prompt" as const),
    promptLength: fc.option(integer, { nil: undefined }),
    commandName: name,
  }),
  fc.record({
    ...common,
    kind: fc.constant("mark" as const),
    action: fc.constantFrom("start", "end", undefined),
    agentId: name,
  }),
  fc.record({ ...common, kind: fc.constant("event" as const), toolName: name }),
);

const snapshot: fc.Arbitrary<LiveSnapshot> = fc.record({
  now: micros,
  sessions: fc.array(session, { maxLength: 4 }),
  today: fc.record({ ...totals, day: fc.constant("2026-11-21"), sessions: count, burn }),
  recent: fc.array(event, { maxLength: 6 }),
});

const file: fc.Arbitrary<WireFile> = fc.record({
  path: hostile,
  state: fc.constantFrom("following", "waiting", "missing", "unreadable", "unsuitable"),
  reason: fc.option(hostile),
  size_bytes: count,
  cursor_offset: count,
  rejected_lines: count,
});

/** Whatever a live state may be made of. */
export const wireParts: fc.Arbitrary<WireParts> = fc.record({
  snapshot,
  files: fc.array(file, { maxLength: 4 }),
  store: fc.record({
    state: fc.constantFrom("ok", "full", "locked", "failed"),
    reason: fc.option(hostile),
    hint: fc.option(hostile),
  }),
  ready: fc.boolean(),
  catchingUp: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
});
