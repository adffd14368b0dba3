import type { AppearanceOptions } from "../../src/host/item-state.ts";
import type { StatusSession, StatusView } from "../../src/status-view.ts";

export const NOW = 1_790_000_000_000;
export const SESSION_ID = "efccdab8-1111-4222-8333-444444444444";

/** A running session as the tooltip of the documentation has it. */
export function sessionWith(changes: Partial<StatusSession> = {}): StatusSession {
  return {
    sessionId: SESSION_ID,
    firstTime: NOW - 23 * 60_000,
    lastActivity: NOW,
    model: "claude-opus-5-5",
    stage: "implement",
    workflowId: ".claude-4nq",
    inputTokens: 373,
    outputTokens: 1_931,
    cacheReadTokens: 361_234,
    cacheCreationTokens: 27_011,
    totalTokens: 390_549,
    costNanoUsd: 138_912_400,
    unpricedRequests: 0,
    requests: 25,
    cacheHitRate: 0.929,
    errors: 1,
    toolFailures: 0,
    tokensPerMinute: 12_000,
    usdPerMinute: 0.006,
    unpricedOfRate: 0,
    models: [
      { name: "claude-opus-5-5", tokens: 390_549, costNanoUsd: 138_912_400, unpricedRequests: 0 },
    ],
    stages: [{ name: "implement", tokens: 390_549, costNanoUsd: 138_912_400, unpricedRequests: 0 }],
    ...changes,
  };
}

/** A view with that session running, and all well. */
export function viewWith(changes: Partial<StatusView> = {}): StatusView {
  return {
    now: NOW,
    ready: true,
    configured: true,
    sessions: [sessionWith()],
    today: {
      inputTokens: 1000,
      outputTokens: 2000,
      cacheReadTokens: 3000,
      cacheCreationTokens: 4000,
      totalTokens: 10_000,
      costNanoUsd: 4_310_000_000,
      unpricedRequests: 0,
      requests: 100,
      sessions: 6,
      cacheHitRate: 0.9,
      errors: 0,
      toolFailures: 0,
      usdPerMinute: 0,
    },
    store: { condition: "ok", message: "", hint: "" },
    receiver: { state: "off", text: "" },
    files: [{ path: "/otel/a.jsonl", condition: "following", reason: "", rejectedLines: 0 }],
    fileCount: 1,
    catchingUp: null,
    lastEvent: NOW,
    ...changes,
  };
}

export function optionsWith(
  changes: Partial<AppearanceOptions["settings"]> = {},
): AppearanceOptions {
  return {
    pinned: null,
    settings: {
      statusText: "{icon} {tokens} · {cost}  {stage}",
      idleAfterMs: 300_000,
      session: { warning: undefined, error: undefined },
      day: { warning: undefined, error: undefined },
      problems: [],
      ...changes,
    },
  };
}
