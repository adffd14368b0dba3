-- One row per series of usage without a session id: its last point before a time, from which later
-- ones grow.
SELECT
  CAST(record_id AS VARCHAR) AS id,
  epoch_us(time) AS time,
  CAST(time_nanos AS BIGINT) AS time_nanos,
  user_id,
  metric_name,
  canonical_metric,
  counting,
  is_monotonic,
  coalesce(value, distribution_sum) AS value,
  value_int,
  series_id,
  epoch_us(start_time) AS start_time,
  CAST(start_time_nanos AS BIGINT) AS start_time_nanos,
  token_kind
FROM base.metric_points
WHERE session_id IS NULL
  AND time < $since
  AND canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
  AND counting <> 'delta'
QUALIFY row_number() OVER (
  PARTITION BY metric_name, series_id, start_time, start_time_nanos
  ORDER BY time DESC, time_nanos DESC, value DESC
) = 1;
