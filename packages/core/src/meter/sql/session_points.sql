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
  canonical_model,
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
WHERE session_id = $session
  AND canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
  AND counting IS NOT NULL;
