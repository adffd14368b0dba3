-- One row per log record, in the columns of the Collector's ClickHouse exporter.
CREATE OR REPLACE VIEW otel.logs AS
SELECT
  TRY(make_timestamp_ns(CAST(r.time_unix_nano AS BIGINT))) AS "Timestamp",
  coalesce(r.trace_id, '') AS "TraceId",
  coalesce(r.span_id, '') AS "SpanId",
  coalesce(r.flags, 0) AS "TraceFlags",
  coalesce(r.severity_text, '') AS "SeverityText",
  coalesce(r.severity_number, 0) AS "SeverityNumber",
  coalesce(r.service_name, '') AS "ServiceName",
  coalesce(r.body, '') AS "Body",
  coalesce(r.resource_schema_url, '') AS "ResourceSchemaUrl",
  CAST(r.resource_attributes AS MAP(VARCHAR, VARCHAR)) AS "ResourceAttributes",
  coalesce(r.scope_schema_url, '') AS "ScopeSchemaUrl",
  coalesce(r.scope_name, '') AS "ScopeName",
  coalesce(r.scope_version, '') AS "ScopeVersion",
  CAST(r.scope_attributes AS MAP(VARCHAR, VARCHAR)) AS "ScopeAttributes",
  CAST(r.all_attributes AS MAP(VARCHAR, VARCHAR)) AS "LogAttributes",
  coalesce(json_extract_string(r.other_fields, '$.eventName'), '') AS "EventName"
FROM main.log_records AS r;
