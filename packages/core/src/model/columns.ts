/**
 * The stored columns of the three record tables, each declared once.
 *
 * From these lists follow the table definitions, the staging buffers, the
 * INSERT statements and the reference in docs/sql.md. An attribute that has a
 * column here is stored in it; any other attribute goes to the `attributes`
 * JSON column, so nothing is dropped.
 */

import type { Column } from "./column.ts";
import {
  canonicalModelColumn,
  costFromMicrosColumn,
  pointCountColumns,
  requestCountColumns,
  sourceKindColumn,
} from "./derived-columns.ts";

/** A record table: its name below schema `base` and its columns in order. */
export interface RecordTable {
  readonly name: RecordTableName;
  readonly comment: string;
  readonly columns: readonly Column[];
}

export type RecordTableName = "api_request_logs" | "other_logs" | "metric_points" | "spans";

const text = (name: string, attribute: string, comment: string): Column => ({
  name,
  kind: "text",
  attribute,
  comment,
});
const int = (name: string, attribute: string, comment: string): Column => ({
  name,
  kind: "int",
  attribute,
  comment,
});
const bool = (name: string, attribute: string, comment: string): Column => ({
  name,
  kind: "bool",
  attribute,
  comment,
});
const inherited = (name: string, attribute: string, comment: string): Column => ({
  name,
  kind: "text",
  attribute,
  fromResource: true,
  comment,
});

/** The tags of staged workflows, set by the user in OTEL_RESOURCE_ATTRIBUTES. */
export const tagColumns: readonly Column[] = [
  inherited("workflow_id", "workflow_id", "Workflow the record belongs to."),
  inherited("workflow_path", "workflow_path", "Path the workflow took, e.g. full or fast-track."),
  inherited("complexity", "complexity", "Complexity the workflow was given."),
  inherited("stage", "stage", "Stage of the workflow, e.g. analyze, plan, implement, review."),
  inherited("task_id", "task_id", "Task the stage worked on."),
  inherited("agent", "agent", "Agent the stage was given to."),
  inherited("model_expected", "model_expected", "Model the stage was planned for."),
];

/** Columns every record has, whatever its signal. */
const commonColumns: readonly Column[] = [
  {
    name: "record_id",
    kind: "id",
    comment: "128-bit hash of the record's whole content; equal records of one batch are numbered.",
  },
  {
    name: "time",
    kind: "time",
    comment: "Time of the record, microseconds; the time as sent may be in other_fields.",
  },
  {
    name: "time_nanos",
    kind: "int",
    sqlType: "USMALLINT",
    comment: "Nanoseconds of timeUnixNano below the microsecond, 0 to 999.",
  },
  { name: "resource_id", kind: "text", comment: "Key into base.resources." },
  { name: "scope_id", kind: "text", comment: "Key into base.scopes." },
  { name: "service_name", kind: "text", comment: "Resource attribute service.name." },
  {
    name: "service_version",
    kind: "text",
    comment: "Resource attribute service.version: the CLI's version.",
  },
  { name: "host_name", kind: "text", comment: "Resource attribute host.name." },
  inherited("session_id", "session.id", "Session of Claude Code."),
  inherited("user_id", "user.id", "Anonymous installation id."),
  inherited("user_email", "user.email", "E-mail of the signed-in user."),
  inherited("user_account_uuid", "user.account_uuid", "Account of the signed-in user."),
  inherited("user_account_id", "user.account_id", "Account of the signed-in user, tagged form."),
  inherited("organization_id", "organization.id", "Organization of the signed-in user."),
  inherited("terminal_type", "terminal.type", "Terminal the CLI ran in."),
  inherited("app_version", "app.version", "Version of the CLI, if it is switched on."),
  inherited(
    "app_entrypoint",
    "app.entrypoint",
    "How the CLI was started, e.g. cli, sdk-ts, claude-vscode.",
  ),
  ...tagColumns,
  {
    name: "tags",
    kind: "text",
    comment:
      "JSON object of all custom resource attributes, the record's copy before the resource's.",
  },
  {
    name: "attributes",
    kind: "text",
    comment: "JSON object of every attribute that has no column of its own.",
  },
  {
    name: "other_fields",
    kind: "text",
    comment:
      "JSON object of OTLP fields that are rarely set, of fields unknown to this version, and of times as sent if the columns hold another form of them.",
  },
];

/** Columns every log record has. */
const logColumns: readonly Column[] = [
  ...commonColumns,
  {
    name: "event_name",
    kind: "text",
    comment: "Name of the event without claude_code.: by event.name, body or eventName.",
  },
  { name: "body", kind: "text", comment: "Body of the log record, if it is a string." },
  {
    name: "observed_lag_ns",
    kind: "int",
    comment: "observedTimeUnixNano minus time, nanoseconds; NULL if it was not set.",
  },
  {
    name: "event_lag_us",
    kind: "int",
    comment: "time minus attribute event.timestamp, microseconds.",
  },
  { name: "trace_id", kind: "text", comment: "Trace id, 32 lower-case hexadecimal digits." },
  { name: "span_id", kind: "text", comment: "Span id, 16 lower-case hexadecimal digits." },
  int("event_sequence", "event.sequence", "Number of the event within its process, from 0."),
  text("prompt_id", "prompt.id", "Prompt the event belongs to."),
  text("model", "model", "Model."),
  text("request_id", "request_id", "Request id of the API."),
  text("client_request_id", "client_request_id", "Request id the client chose."),
  text(
    "query_source",
    "query_source",
    "Who asked, as sent: sdk, repl_main_thread, agent:builtin:…, compact …",
  ),
  text("speed", "speed", "normal or fast."),
  text("effort", "effort", "Effort the model was asked for."),
  text("agent_name", "agent.name", "Type of the subagent."),
  text("agent_id", "agent_id", "Id of the subagent's run."),
  text("skill_name", "skill.name", "Skill that asked."),
  text("plugin_name", "plugin.name", "Plugin that asked."),
  text("marketplace_name", "marketplace.name", "Marketplace of the plugin."),
  text("mcp_server_name", "mcp_server.name", "MCP server that asked."),
  text("mcp_tool_name", "mcp_tool.name", "MCP tool that asked."),
  int("duration_ms", "duration_ms", "Duration, milliseconds."),
];

const apiRequestColumns: readonly Column[] = [
  int("input_tokens", "input_tokens", "Input tokens that were not in the cache."),
  int("output_tokens", "output_tokens", "Output tokens."),
  int("cache_read_tokens", "cache_read_tokens", "Input tokens read from the cache."),
  int("cache_creation_tokens", "cache_creation_tokens", "Input tokens written to the cache."),
  int(
    "cache_creation_5m_tokens",
    "cache_creation_5m_tokens",
    "Of these, written for five minutes.",
  ),
  int("cache_creation_1h_tokens", "cache_creation_1h_tokens", "Of these, written for an hour."),
  {
    name: "cost_nano_usd",
    kind: "money",
    attribute: "cost_usd",
    comment: "What the request costs, billionths of a USD; NULL if that is unknown.",
  },
  {
    name: "cost_usd_exact",
    kind: "double",
    comment: "Cost as sent, USD, if billionths do not hold it.",
  },
  int("cost_usd_micros", "cost_usd_micros", "Cost in millionths of a USD, rounded by Claude Code."),
  int("ttft_ms", "ttft_ms", "Time to the first token, milliseconds."),
];

const otherEventColumns: readonly Column[] = [
  text("tool_name", "tool_name", "Tool."),
  text("tool_use_id", "tool_use_id", "Id of the tool's use."),
  bool("success", "success", "Whether it succeeded."),
  text("decision", "decision", "accept or reject."),
  text("decision_source", "decision_source", "Who decided, on a tool_result."),
  text("decision_type", "decision_type", "Kind of the decision, on a tool_result."),
  text("source", "source", "Who decided, on a tool_decision."),
  text("tool_source", "tool_source", "builtin or mcp."),
  text("permission_mode", "permission_mode", "Permission mode of the session."),
  int("tool_input_size_bytes", "tool_input_size_bytes", "Size of the tool's input."),
  int("tool_result_size_bytes", "tool_result_size_bytes", "Size of the tool's result."),
  text("tool_parameters", "tool_parameters", "Parameters of the tool, JSON text."),
  text("tool_input", "tool_input", "Input of the tool, JSON text."),
  text("error", "error", "Error text."),
  text("error_type", "error_type", "Kind of the error."),
  text("status_code", "status_code", "HTTP status of the failed request."),
  int("attempt", "attempt", "Attempts made."),
  int("prompt_length", "prompt_length", "Length of the prompt, characters."),
  text("prompt", "prompt", "Prompt text, <REDACTED> unless opted in."),
  text("command_name", "command_name", "Slash command."),
  text("command_source", "command_source", "builtin, custom or mcp."),
  int("response_length", "response_length", "Length of the answer, characters."),
  text("response", "response", "Answer text, <REDACTED> unless opted in."),
  text("message_uuid", "message.uuid", "Message in the transcript."),
  text("agent_type", "agent_type", "Type of the subagent that completed."),
  int("total_tokens", "total_tokens", "Context size of the subagent's last request, not a sum."),
  int("total_tool_uses", "total_tool_uses", "Tools the subagent used."),
  text("trigger", "trigger", "What set it off."),
  int("pre_tokens", "pre_tokens", "Context before compaction, tokens."),
  int("post_tokens", "post_tokens", "Context after compaction, tokens."),
];

const pointColumns: readonly Column[] = [
  ...commonColumns,
  {
    name: "start_time",
    kind: "time",
    comment: "startTimeUnixNano, microseconds; NULL if it was not set.",
  },
  {
    name: "start_time_nanos",
    kind: "int",
    sqlType: "USMALLINT",
    comment: "Nanoseconds of startTimeUnixNano below the microsecond.",
  },
  { name: "metric_name", kind: "text", comment: "Name of the metric." },
  { name: "metric_description", kind: "text", comment: "Description of the metric." },
  { name: "metric_unit", kind: "text", comment: "Unit of the metric." },
  {
    name: "data_type",
    kind: "text",
    comment: "sum, gauge, histogram, exponential_histogram or summary.",
  },
  {
    name: "temporality",
    kind: "text",
    comment: "delta, cumulative or unspecified; NULL for gauges and summaries.",
  },
  { name: "is_monotonic", kind: "bool", comment: "Whether the sum only grows." },
  { name: "value", kind: "double", comment: "asDouble, or asInt as a double." },
  { name: "value_int", kind: "int", comment: "asInt, exact." },
  {
    name: "series_id",
    kind: "text",
    comment:
      "Key of the series of a point that is not a delta: metric, resource, scope and attributes.",
  },
  {
    name: "distribution",
    kind: "text",
    comment: "JSON object of the fields of a histogram, exponential histogram or summary point.",
  },
  text("model", "model", "Model."),
  text("type", "type", "Type of token, of time or of lines."),
  text("query_source", "query_source", "main, subagent or auxiliary."),
  text("effort", "effort", "Effort the model was asked for."),
  text("speed", "speed", "fast, else absent."),
  text("agent_name", "agent.name", "Type of the subagent."),
  text("skill_name", "skill.name", "Skill that asked."),
  text("plugin_name", "plugin.name", "Plugin that asked."),
  text("mcp_server_name", "mcp_server.name", "MCP server that asked."),
  text("mcp_tool_name", "mcp_tool.name", "MCP tool that asked."),
  text("start_type", "start_type", "fresh, continue or resume."),
  text("tool_name", "tool_name", "Tool."),
  text("decision", "decision", "accept or reject."),
  text("source", "source", "Who decided."),
  text("language", "language", "Language of the edited file."),
];

const spanColumns: readonly Column[] = [
  ...commonColumns,
  { name: "end_time", kind: "time", comment: "endTimeUnixNano, microseconds." },
  {
    name: "end_time_nanos",
    kind: "int",
    sqlType: "USMALLINT",
    comment: "Nanoseconds of endTimeUnixNano below the microsecond.",
  },
  { name: "trace_id", kind: "text", comment: "Trace id, 32 lower-case hexadecimal digits." },
  { name: "span_id", kind: "text", comment: "Span id, 16 lower-case hexadecimal digits." },
  { name: "parent_span_id", kind: "text", comment: "Span id of the parent." },
  { name: "trace_state", kind: "text", comment: "W3C trace state." },
  { name: "span_name", kind: "text", comment: "Name of the span." },
  {
    name: "span_kind",
    kind: "text",
    comment: "internal, server, client, producer, consumer or unspecified.",
  },
  { name: "status_code", kind: "text", comment: "unset, ok or error." },
  { name: "status_message", kind: "text", comment: "Message of the status." },
  { name: "events", kind: "text", comment: "JSON array of the span's events." },
  { name: "links", kind: "text", comment: "JSON array of the span's links." },
  text("span_type", "span.type", "Kind of span, as Claude Code names it."),
  text("model", "model", "Model."),
  text("request_id", "request_id", "Request id of the API."),
  text("agent_id", "agent_id", "Id of the subagent's run."),
  text("parent_agent_id", "parent_agent_id", "Id of the run that started the subagent."),
  text("tool_name", "tool_name", "Tool."),
  text("tool_use_id", "tool_use_id", "Id of the tool's use."),
  int("duration_ms", "duration_ms", "Duration, milliseconds."),
  int("ttft_ms", "ttft_ms", "Time to the first token, milliseconds."),
  int(
    "input_tokens",
    "input_tokens",
    "Input tokens; the same usage as the api_request event, never added to it.",
  ),
  int("output_tokens", "output_tokens", "Output tokens."),
  int("cache_read_tokens", "cache_read_tokens", "Tokens read from the cache."),
  int("cache_creation_tokens", "cache_creation_tokens", "Tokens written to the cache."),
  bool("success", "success", "Whether it succeeded."),
];

/** The record tables. Log records of api_request stand apart, since every report reads them. */
export const recordTables: Readonly<Record<RecordTableName, RecordTable>> = {
  api_request_logs: {
    name: "api_request_logs",
    comment: "One row per api_request log record.",
    columns: [
      ...logColumns,
      ...apiRequestColumns,
      canonicalModelColumn,
      sourceKindColumn,
      ...requestCountColumns,
      costFromMicrosColumn,
    ],
  },
  other_logs: {
    name: "other_logs",
    comment: "One row per log record of any other event.",
    columns: [...logColumns, ...otherEventColumns, canonicalModelColumn, sourceKindColumn],
  },
  metric_points: {
    name: "metric_points",
    comment: "One row per data point of a metric.",
    columns: [...pointColumns, canonicalModelColumn, sourceKindColumn, ...pointCountColumns],
  },
  spans: {
    name: "spans",
    comment: "One row per span.",
    columns: spanColumns,
  },
};
