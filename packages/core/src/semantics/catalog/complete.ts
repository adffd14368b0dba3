import { type RecordTableName, recordTables } from "../../model/columns.ts";
import type { ColumnText, Relation } from "../relation.ts";

/** Columns that the views of complete records make out of the stored ones. */
const made: Readonly<Record<string, string>> = {
  time_unix_nano: "timeUnixNano as sent, exact.",
  observed_time_unix_nano: "observedTimeUnixNano as sent, exact; NULL if it was not set.",
  start_time_unix_nano: "startTimeUnixNano as sent, exact; NULL if it was not set.",
  end_time_unix_nano: "endTimeUnixNano as sent, exact.",
  event_timestamp: "Attribute event.timestamp.",
  body: "Body: a string as it is, anything else as JSON text.",
  severity_number: "Severity number; NULL if it was not set.",
  severity_text: "Severity text; NULL if it was not set.",
  flags: "Flags; NULL if they were not set.",
  dropped_attributes_count: "Attributes that the exporter dropped; NULL for none.",
  dropped_events_count: "Events that the exporter dropped; NULL for none.",
  dropped_links_count: "Links that the exporter dropped; NULL for none.",
  no_recorded_value: "Whether the flags say that the point has no value.",
  exemplars: "JSON array of the exemplars.",
  count: "Values in a histogram or summary.",
  sum: "Sum of the values in a histogram or summary.",
  min: "Least value of a histogram.",
  max: "Greatest value of a histogram.",
  bucket_counts: "Values in each bucket of a histogram.",
  explicit_bounds: "Upper bounds of the buckets but the last.",
  scale: "Scale of an exponential histogram.",
  zero_count: "Values about zero in an exponential histogram.",
  zero_threshold: "How far from zero those may be.",
  positive_offset: "Index of the first bucket of positive values.",
  positive_bucket_counts: "Values in each bucket of positive values.",
  negative_offset: "Index of the first bucket of negative values.",
  negative_bucket_counts: "Values in each bucket of negative values.",
  quantile_values: "Quantiles of a summary.",
  distribution: "JSON object of all fields of a histogram, exponential histogram or summary.",
  cost_usd: "Cost as computed by Claude Code, USD, rounded to a billionth.",
  start_time: "Start, microseconds; NULL if it was not set.",
  duration_ns: "Length of the span, nanoseconds.",
  tags: "JSON object of all custom resource attributes, the record's copy before the resource's.",
  attributes: "JSON object of every attribute that has no column of its own.",
  all_attributes: "JSON object of every attribute by its own name, tags included.",
  resource_id: "Key of the resource.",
  resource_attributes: "JSON object of the resource's attributes.",
  resource_schema_url: "Schema URL of the resource.",
  resource_other_fields: "JSON object of further fields of the resource.",
  scope_id: "Key of the instrumentation scope.",
  scope_name: "Name of the instrumentation scope.",
  scope_version: "Version of the instrumentation scope.",
  scope_attributes: "JSON object of the scope's attributes.",
  scope_schema_url: "Schema URL of the scope.",
  scope_other_fields: "JSON object of further fields of the scope.",
  other_fields:
    "JSON object of fields of the record that have no column, or are unknown to this version.",
};

const origin =
  "service_name service_version host_name session_id user_id user_email user_account_uuid user_account_id organization_id terminal_type app_version app_entrypoint workflow_id workflow_path complexity stage task_id agent model_expected";
const rest =
  "tags attributes all_attributes resource_id resource_attributes resource_schema_url resource_other_fields scope_id scope_name scope_version scope_attributes scope_schema_url scope_other_fields other_fields";

/** The columns of these names: described above, or as the stored column of that name. */
function complete(tables: readonly RecordTableName[], ...names: readonly string[]): ColumnText[] {
  const stored = new Map(
    tables.flatMap((table) => recordTables[table].columns).map((column) => [column.name, column]),
  );
  return names
    .flatMap((group) => group.split(" "))
    .map((name) => ({ name, text: made[name] ?? stored.get(name)?.comment ?? "" }));
}

/** Views of whole records, with every field of OTLP. */
export const completeViews: readonly Relation[] = [
  {
    kind: "view",
    schema: "main",
    name: "log_records",
    row: "One log record, with every field of OTLP.",
    columns: complete(
      ["api_request_logs", "other_logs"],
      "record_id time time_unix_nano observed_time_unix_nano event_timestamp event_name body severity_number severity_text flags dropped_attributes_count trace_id span_id",
      origin,
      "event_sequence prompt_id model request_id client_request_id query_source speed effort agent_name agent_id skill_name plugin_name marketplace_name mcp_server_name mcp_tool_name duration_ms",
      "input_tokens output_tokens cache_read_tokens cache_creation_tokens cache_creation_5m_tokens cache_creation_1h_tokens cost_usd cost_usd_exact cost_usd_micros ttft_ms",
      "tool_name tool_use_id success decision decision_source decision_type source tool_source permission_mode tool_input_size_bytes tool_result_size_bytes tool_parameters tool_input error error_type status_code attempt",
      "prompt_length prompt command_name command_source response_length response message_uuid agent_type total_tokens total_tool_uses trigger pre_tokens post_tokens",
      rest,
    ),
  },
  {
    kind: "view",
    schema: "main",
    name: "metric_points",
    row: "One data point of a metric, with every field of OTLP.",
    columns: complete(
      ["metric_points"],
      "record_id time time_unix_nano start_time start_time_unix_nano metric_name metric_description metric_unit data_type temporality is_monotonic value value_int series_id flags no_recorded_value exemplars",
      "count sum min max bucket_counts explicit_bounds scale zero_count zero_threshold positive_offset positive_bucket_counts negative_offset negative_bucket_counts quantile_values distribution",
      origin,
      "model type query_source effort speed agent_name skill_name plugin_name mcp_server_name mcp_tool_name start_type tool_name decision source language",
      rest,
    ),
  },
  {
    kind: "view",
    schema: "main",
    name: "spans",
    row: "One span, with every field of OTLP.",
    columns: complete(
      ["spans"],
      "record_id start_time start_time_unix_nano end_time end_time_unix_nano duration_ns trace_id span_id parent_span_id trace_state span_name span_kind status_code status_message events links flags dropped_attributes_count dropped_events_count dropped_links_count",
      origin,
      "span_type model request_id agent_id parent_agent_id tool_name tool_use_id duration_ms ttft_ms input_tokens output_tokens cache_read_tokens cache_creation_tokens success",
      rest,
    ),
  },
];
