-- One row per span, in the columns of the Collector's ClickHouse exporter.
CREATE OR REPLACE VIEW otel.traces AS
SELECT
  TRY(make_timestamp_ns(CAST(r.start_time_unix_nano AS BIGINT))) AS "Timestamp",
  coalesce(r.trace_id, '') AS "TraceId",
  coalesce(r.span_id, '') AS "SpanId",
  coalesce(r.parent_span_id, '') AS "ParentSpanId",
  coalesce(r.trace_state, '') AS "TraceState",
  r.span_name AS "SpanName",
  upper(r.span_kind[1]) || r.span_kind[2:] AS "SpanKind",
  coalesce(r.service_name, '') AS "ServiceName",
  CAST(r.resource_attributes AS MAP(VARCHAR, VARCHAR)) AS "ResourceAttributes",
  coalesce(r.scope_name, '') AS "ScopeName",
  coalesce(r.scope_version, '') AS "ScopeVersion",
  CAST(r.all_attributes AS MAP(VARCHAR, VARCHAR)) AS "SpanAttributes",
  r.duration_ns AS "Duration",
  upper(r.status_code[1]) || r.status_code[2:] AS "StatusCode",
  coalesce(r.status_message, '') AS "StatusMessage",
  r.events AS "Events",
  r.links AS "Links"
FROM main.spans AS r;
