import { isoUtc } from "@cctelemetry/core/light";
import type { AppearanceOptions } from "../../src/host/status/item-state.ts";
import type { StatusSession, StatusView } from "../../src/status-view.ts";

const NOW = 1_790_000_000_000;
export const SESSION_ID = "efccdab8-1111-4222-8333-444444444444";

/** So many milliseconds after `NOW`, as the live state says it. */
export function after(milliseconds: number): string {
  return isoUtc(BigInt(NOW + milliseconds) * 1000n);
}

type Usage = Omit<StatusSession["models"][number], "model">;

const usage: Usage = {
  requests: 25,
  input_tokens: 373,
  output_tokens: 1_931,
  cache_read_tokens: 361_234,
  cache_creation_tokens: 27_011,
  total_tokens: 390_549,
  cost_usd: 0.1389124,
  unpriced_requests: 0,
};

const happened = { refusals: 0, tool_calls: 3, tool_failures: 0, prompts: 1 };

/** Part of a session by model or by stage. */
export function usageWith(changes: Partial<Usage>): Usage {
  return { ...usage, ...changes };
}

/** A running session as the tooltip of the documentation has it. */
export function sessionWith(changes: Partial<StatusSession> = {}): StatusSession {
  return {
    session_id: SESSION_ID,
    first_time: after(-23 * 60_000),
    last_time: after(0),
    last_activity: after(0),
    model: "claude-opus-5-5",
    workflow_id: ".claude-4nq",
    stage: "implement",
    attribution: "tag",
    task_id: null,
    agent: null,
    prompt_id: null,
    source: "main",
    ledger: "events",
    ...usage,
    ...happened,
    cache_hit_rate: 0.929,
    errors: 1,
    context_tokens: 46_000,
    tokens_per_minute: 12_000,
    usd_per_minute: 0.006,
    unpriced_requests_of_rate: 0,
    models: [{ model: "claude-opus-5-5", ...usage }],
    stages: [{ stage: "implement", ...usage }],
    ...changes,
  };
}

/** A view with that session running, and all well. */
export function viewWith(changes: Partial<StatusView> = {}): StatusView {
  return {
    time: after(0),
    ready: true,
    catching_up: null,
    configured: true,
    sessions: [sessionWith()],
    today: {
      day: "2026-09-21",
      sessions: 6,
      ledger: "events",
      ...usage,
      ...happened,
      requests: 100,
      total_tokens: 10_000,
      cost_usd: 4.31,
      cache_hit_rate: 0.9,
      errors: 0,
      tokens_per_minute: 0,
      usd_per_minute: 0,
      unpriced_requests_of_rate: 0,
    },
    recent: [
      {
        kind: "refusal",
        time: after(0),
        event_name: "api_refusal",
        session_id: SESSION_ID,
        workflow_id: null,
        stage: null,
        task_id: null,
        model: null,
        duration_ms: null,
        record_id: "r1",
      },
    ],
    store: { state: "ok", reason: null, hint: null },
    receiver: { state: "off", text: "" },
    files: [fileWith("/otel/a.jsonl", "following", null)],
    ...changes,
  };
}

/** A file in a state. */
export function fileWith(
  path: string,
  state: StatusView["files"][number]["state"],
  reason: string | null,
): StatusView["files"][number] {
  return { path, state, reason, size_bytes: 0, cursor_offset: 0, rejected_lines: 0 };
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
