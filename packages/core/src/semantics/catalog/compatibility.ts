import type { Relation } from "../relation.ts";
import { eventViews } from "./events.ts";
import { columns, type Entry, view } from "./shared.ts";

/** Columns of the Collector's ClickHouse exporter that all its tables have. */
const exported = {
  resource: ["ResourceAttributes", "Attributes of the resource, values as text."],
  resourceUrl: ["ResourceSchemaUrl", "Schema URL of the resource."],
  scopeName: ["ScopeName", "Name of the instrumentation scope."],
  scopeVersion: ["ScopeVersion", "Version of the instrumentation scope."],
  scopeAttributes: ["ScopeAttributes", "Attributes of the scope, values as text."],
  scopeUrl: ["ScopeSchemaUrl", "Schema URL of the scope."],
  service: ["ServiceName", "Resource attribute service.name."],
  traceId: ["TraceId", "Trace id, hexadecimal."],
  spanId: ["SpanId", "Span id, hexadecimal."],
} satisfies Readonly<Record<string, Entry>>;

function otel(name: string, row: string, entries: readonly Entry[]): Relation {
  return { kind: "view", schema: "otel", name, row, columns: columns(...entries) };
}

const requestColumns = eventViews.find(({ name }) => name === "api_requests")?.columns ?? [];

/** Views under the names of other stores, so that queries written for those run here. */
export const compatibilityViews: readonly Relation[] = [
  view(
    "workflow_summary",
    "One workflow, in the columns of a plain summary.",
    columns(
      "workflow_id",
      ["started_at", "Time of the first request, prompt, tool or error."],
      ["completed_at", "Time of the last request, prompt, tool or error."],
      ["duration_seconds", "Seconds between them."],
      ["total_input_tokens", "Input tokens that were not in the cache."],
      ["total_output_tokens", "Output tokens."],
      ["total_cache_read_tokens", "Input tokens read from the cache."],
      ["total_cost_usd", "Cost, USD, as far as it is known; NULL if nothing has a price."],
      ["api_requests", "Requests that the API answered."],
      "unpriced_requests",
    ),
  ),
  view(
    "stage_performance",
    "One stage and agent: what one workflow's run of the stage comes to on average.",
    columns(
      "stage",
      "agent",
      ["workflow_count", "Workflows that ran the stage."],
      ["avg_cost", "Cost of the stage in one workflow, USD, as far as it is known, on average."],
      [
        "avg_duration_ms",
        "Milliseconds from the stage's first request, prompt, tool or error in one workflow to the last, on average.",
      ],
      ["avg_tokens", "Input and output tokens of the stage in one workflow, on average."],
      "cache_hit_rate",
      "unpriced_requests",
    ),
  ),
  view(
    "model_cost_comparison",
    "One model and stage: what the model costs there.",
    columns(
      "model",
      "stage",
      ["request_count", "Requests that the API answered; NULL if only metrics report them."],
      ["total_cost", "Cost, USD, as far as it is known; NULL if nothing has a price."],
      ["avg_cost_per_request", "Cost of one request that has a price, USD, on average."],
      ["total_input_tokens", "Input tokens that were not in the cache."],
      ["total_output_tokens", "Output tokens."],
      "unpriced_requests",
    ),
  ),
  view(
    "otel_metrics",
    "One data point of a metric, as it was exported.",
    columns(
      ["id", "Hash of the point's whole content."],
      ["received_at", "Time of the point."],
      ["timestamp", "Time of the point."],
      ["metric_name", "Name of the metric."],
      ["value", "Value as it was exported; cumulative values are not resolved."],
      ["unit", "Unit of the metric."],
      ["attributes", "JSON object of every attribute by its own name."],
      "session_id",
    ),
  ),
  view(
    "otel_events",
    "One log record.",
    columns(
      ["id", "Hash of the record's whole content."],
      ["received_at", "Time of the record."],
      ["timestamp", "Time of the record."],
      ["event_name", "Name of the event with the prefix claude_code."],
      ["attributes", "JSON object of every attribute by its own name."],
      "session_id",
      "prompt_id",
    ),
  ),
  view("otel_api_request_events", "One api_request event.", [
    ...columns(["timestamp", "Time of the event."], ["event_name", "claude_code.api_request."]),
    ...requestColumns.filter(({ name }) => name !== "time"),
  ]),
  otel("logs", "One log record, in the columns of the Collector's ClickHouse exporter.", [
    ["Timestamp", "Time of the record, UTC, to the nanosecond."],
    exported.traceId,
    exported.spanId,
    ["TraceFlags", "Flags of the record."],
    ["SeverityText", "Severity as text."],
    ["SeverityNumber", "Severity as number."],
    exported.service,
    ["Body", "Body of the record."],
    exported.resourceUrl,
    exported.resource,
    exported.scopeUrl,
    exported.scopeName,
    exported.scopeVersion,
    exported.scopeAttributes,
    ["LogAttributes", "Attributes of the record, values as text."],
    ["EventName", "Field eventName of OTLP."],
  ]),
  otel("metrics", "One data point, in the columns of the Collector's ClickHouse exporter.", [
    exported.resource,
    exported.resourceUrl,
    exported.scopeName,
    exported.scopeVersion,
    exported.scopeAttributes,
    exported.scopeUrl,
    exported.service,
    ["MetricName", "Name of the metric."],
    ["MetricDescription", "Description of the metric."],
    ["MetricUnit", "Unit of the metric."],
    ["Attributes", "Attributes of the point, values as text."],
    ["StartTimeUnix", "Start time of the point, UTC."],
    ["TimeUnix", "Time of the point, UTC."],
    ["Value", "Value of a sum or gauge."],
    ["Flags", "Flags of the point."],
    ["Exemplars", "JSON array of exemplars."],
    ["AggregationTemporality", "1 delta, 2 cumulative, 0 neither."],
    ["IsMonotonic", "Whether the sum only grows."],
  ]),
  otel("traces", "One span, in the columns of the Collector's ClickHouse exporter.", [
    ["Timestamp", "Start of the span, UTC, to the nanosecond."],
    exported.traceId,
    exported.spanId,
    ["ParentSpanId", "Span id of the parent."],
    ["TraceState", "W3C trace state."],
    ["SpanName", "Name of the span."],
    ["SpanKind", "Internal, Server, Client, Producer, Consumer or Unspecified."],
    exported.service,
    exported.resource,
    exported.scopeName,
    exported.scopeVersion,
    ["SpanAttributes", "Attributes of the span, values as text."],
    ["Duration", "Length of the span, nanoseconds."],
    ["StatusCode", "Unset, Ok or Error."],
    ["StatusMessage", "Message of the status."],
    ["Events", "JSON array of the span's events."],
    ["Links", "JSON array of the span's links."],
  ]),
];
