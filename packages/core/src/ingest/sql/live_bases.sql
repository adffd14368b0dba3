-- One row per series of usage without a session id: its last point before a time, from which later
-- ones grow.
SELECT
  CAST(record_id AS VARCHAR) AS id,
  epoch_us(time) AS time,
  CAST(time_nanos AS BIGINT) AS time_nanos,
  user_id,
  metric_name,
  temporality,
  is_monotonic,
  value,
  value_int,
  series_id,
  epoch_us(start_time) AS start_time,
  CAST(start_time_nanos AS BIGINT) AS start_time_nanos,
  type
FROM base.metric_points
WHERE session_id IS NULL
  AND time < $since
  AND metric_name IN ('claude_code.token.usage', 'claude_code.cost.usage')
  AND temporality = 'cumulative'
  AND isfinite(value)
  AND (
    other_fields IS NULL
    OR coalesce(TRY_CAST(json_extract_string(other_fields, '$.flags') AS BIGINT), 0) & 1 = 0
  )
QUALIFY row_number() OVER (
  PARTITION BY metric_name, series_id, start_time, start_time_nanos
  ORDER BY time DESC, time_nanos DESC, value DESC
) = 1;
