-- One row per data point of a metric, in the columns of the Collector's ClickHouse exporter.
CREATE OR REPLACE VIEW otel.metrics AS
SELECT
  CAST(r.resource_attributes AS MAP(VARCHAR, VARCHAR)) AS "ResourceAttributes",
  coalesce(r.resource_schema_url, '') AS "ResourceSchemaUrl",
  coalesce(r.scope_name, '') AS "ScopeName",
  coalesce(r.scope_version, '') AS "ScopeVersion",
  CAST(r.scope_attributes AS MAP(VARCHAR, VARCHAR)) AS "ScopeAttributes",
  coalesce(r.scope_schema_url, '') AS "ScopeSchemaUrl",
  coalesce(r.service_name, '') AS "ServiceName",
  r.metric_name AS "MetricName",
  coalesce(r.metric_description, '') AS "MetricDescription",
  coalesce(r.metric_unit, '') AS "MetricUnit",
  CAST(r.all_attributes AS MAP(VARCHAR, VARCHAR)) AS "Attributes",
  TRY(make_timestamp_ns(CAST(r.start_time_unix_nano AS BIGINT))) AS "StartTimeUnix",
  TRY(make_timestamp_ns(CAST(r.time_unix_nano AS BIGINT))) AS "TimeUnix",
  r.value AS "Value",
  coalesce(r.flags, 0) AS "Flags",
  r.exemplars AS "Exemplars",
  CASE r.temporality WHEN 'delta' THEN 1 WHEN 'cumulative' THEN 2 ELSE 0 END
    AS "AggregationTemporality",
  coalesce(r.is_monotonic, false) AS "IsMonotonic"
FROM main.metric_points AS r;
