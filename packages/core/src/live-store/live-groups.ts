import type { LiveEventGroup, LiveRequestGroup } from "../live/record.ts";
import { sourceKindNamed } from "../model/source-kind.ts";
import type { StoredRows } from "./stored-row.ts";

/** A row of sums over requests. */
export function requestGroup(row: StoredRows): LiveRequestGroup {
  const sum = (name: string): bigint => BigInt(row.text(name) ?? "0");
  return {
    kind: "requests",
    ...groupOf(row),
    source: sourceKindNamed(row.text("source")),
    inputTokens: sum("input_tokens"),
    outputTokens: sum("output_tokens"),
    cacheReadTokens: sum("cache_read_tokens"),
    cacheCreationTokens: sum("cache_creation_tokens"),
    priced: Number(row.integer("priced")),
    costNanoUsd: sum("cost_nano_usd"),
    context: sum("context"),
    agentId: row.text("agent_id"),
    firstBegan: Number(row.integer("first_began")),
    lastBegan: Number(row.integer("last_began")),
    agentName: row.text("agent_name"),
    lastPromptId: row.text("last_prompt_id"),
  };
}

const eventKinds: ReadonlyMap<string | undefined, LiveEventGroup["of"]> = new Map(
  (["error", "refusal", "tool", "prompt", "event"] as const).map((kind) => [kind, kind]),
);

/** A row of counted events. */
export function eventGroup(row: StoredRows): LiveEventGroup {
  return {
    kind: "events",
    ...groupOf(row),
    of: eventKinds.get(row.text("kind")) ?? "event",
    failed: row.truth("failed") ?? false,
  };
}

function groupOf(row: StoredRows): Omit<LiveEventGroup, "kind" | "of" | "failed"> {
  const promptId = row.text("prompt_id");
  return {
    sessionId: row.text("session_id"),
    workflowId: row.text("workflow_id"),
    stage: row.text("stage"),
    taskId: row.text("task_id"),
    agent: row.text("agent"),
    model: row.text("canonical_model"),
    first: Number(row.integer("first")),
    last: Number(row.integer("last")),
    count: Number(row.integer("count")),
    prompt:
      promptId === undefined
        ? undefined
        : { time: Number(row.integer("prompt_time")), id: promptId },
  };
}
