-- One row per data point of a metric, in the columns of a plain table of metrics.
CREATE OR REPLACE VIEW otel_metrics AS
SELECT
  record_id AS id,
  time AS received_at,
  time AS timestamp,
  metric_name,
  value,
  metric_unit AS unit,
  CAST(all_attributes AS JSON) AS attributes,
  session_id
FROM base.points;
