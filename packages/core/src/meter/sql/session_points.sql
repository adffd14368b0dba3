-- One row per point of usage of a session that counts.
SELECT
  CAST(record_id AS VARCHAR) AS id,
  epoch_us(time) AS time,
  CAST(time_nanos AS BIGINT) AS time_nanos,
  session_id,
  user_id,
  workflow_id,
  stage,
  task_id,
  agent,
  model,
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
WHERE session_id = $session
  AND metric_name IN ('claude_code.token.usage', 'claude_code.cost.usage')
  AND temporality IN ('delta', 'cumulative')
  AND isfinite(value)
  AND (
    other_fields IS NULL
    OR coalesce(TRY_CAST(json_extract_string(other_fields, '$.flags') AS BIGINT), 0) & 1 = 0
  );
