import { MARK_EVENT, markAction } from "../attribution/stage-marks.ts";
import { requestIdOf } from "../model/request-ids.ts";
import { sourceKindNamed } from "../model/source-kind.ts";
import type {
  LiveCommon,
  LiveLog,
  LiveMark,
  LiveRequest,
  LiveSeries,
  LiveUsage,
  LogCommon,
} from "./record.ts";

/** A stored or decoded row, read by the names of its columns; NULL is undefined. */
export interface Row {
  /** The record's id as the store prints it. */
  readonly id: string;
  text(name: string): string | undefined;
  /** Of a time: microseconds; of money: billionths of a USD. */
  integer(name: string): bigint | undefined;
  double(name: string): number | undefined;
  truth(name: string): boolean | undefined;
}

/** A row of the table of api_request events. */
export function requestRecord(row: Row): LiveRequest {
  return {
    ...logOf(row, "api_request"),
    kind: "request",
    requestId: requestIdOf(row.text("request_id")),
    source: sourceKindNamed(row.text("source_kind")),
    inputTokens: row.integer("input_tokens") ?? 0n,
    outputTokens: row.integer("output_tokens") ?? 0n,
    cacheReadTokens: row.integer("cache_read_tokens") ?? 0n,
    cacheCreationTokens: row.integer("cache_creation_tokens") ?? 0n,
    costNanoUsd: row.integer("cost_nano_usd"),
    agentId: row.text("agent_id"),
    agentName: row.text("agent_name"),
    traceId: row.text("trace_id"),
    spanId: row.text("span_id"),
  };
}

/** A row of the table of other log records. */
export function eventRecord(row: Row): LiveLog {
  const name = row.text("event_name") ?? "";
  const common = logOf(row, name);
  const toolName = row.text("tool_name");
  switch (name) {
    case "api_error": {
      const [error, statusCode] = [row.text("error"), row.text("status_code")];
      return { ...common, kind: "error", error, statusCode };
    }
    case "api_refusal":
      return { ...common, kind: "refusal" };
    case "tool_result":
      return { ...common, kind: "tool", toolName, success: row.truth("success") };
    case "user_prompt": {
      const [promptLength, commandName] = [row.integer("prompt_length"), row.text("command_name")];
      return { ...common, kind: "prompt", promptLength, commandName };
    }
    case MARK_EVENT:
      return markRecord(row);
    default:
      return { ...common, kind: "event", toolName };
  }
}

/** A row of the table of other log records that is a mark. */
export function markRecord(row: Row): LiveMark {
  const action = markAction(actionIn(row.text("attributes")));
  return { ...logOf(row, MARK_EVENT), kind: "mark", action, agentId: row.text("agent_id") };
}

/** The action of a mark has no column of its own. */
function actionIn(attributes: string | undefined): unknown {
  const all: unknown = attributes === undefined ? undefined : JSON.parse(attributes);
  return typeof all === "object" && all !== null && "action" in all ? all.action : undefined;
}

const metrics: ReadonlyMap<string | undefined, LiveUsage["metric"]> = new Map([
  ["claude_code.token.usage", "tokens"],
  ["claude_code.cost.usage", "cost"],
]);

/** A row of the table of points; undefined where it does not count as usage. */
export function usageRecord(row: Row): LiveUsage | undefined {
  const metric = metrics.get(row.text("canonical_metric"));
  const value = row.double("value") ?? row.double("distribution_sum");
  const counting = row.text("counting");
  if (metric === undefined || value === undefined || counting === undefined) return undefined;
  return {
    ...commonOf(row),
    kind: "usage",
    metric,
    tokenKind: row.text("token_kind"),
    value,
    valueInt: row.integer("value_int"),
    start: numberOf(row.integer("start_time")),
    agentName: row.text("agent_name"),
    series: counting === "delta" ? undefined : seriesOf(row, counting),
  };
}

function numberOf(integer: bigint | undefined): number | undefined {
  return integer === undefined ? undefined : Number(integer);
}

function logOf(row: Row, name: string): LogCommon {
  const [promptId, durationMs] = [row.text("prompt_id"), row.integer("duration_ms")];
  return { ...commonOf(row), name, promptId, durationMs };
}

function commonOf(row: Row): LiveCommon {
  return {
    id: row.id,
    time: Number(row.integer("time") ?? 0n),
    sessionId: row.text("session_id"),
    userId: row.text("user_id"),
    workflowId: row.text("workflow_id"),
    stage: row.text("stage"),
    taskId: row.text("task_id"),
    agent: row.text("agent"),
    model: row.text("canonical_model"),
  };
}

function seriesOf(row: Row, counting: string): LiveSeries {
  const start = `${row.integer("start_time") ?? ""}.${row.integer("start_time_nanos") ?? ""}`;
  return {
    key: `${row.text("metric_name") ?? ""} ${row.text("series_id") ?? ""} ${start}`,
    nanos: Number(row.integer("time_nanos") ?? 0n),
    monotonic: counting === "assumed" || (row.truth("is_monotonic") ?? true),
  };
}
