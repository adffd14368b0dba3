-- One row per point of usage before a time that counts: the new ones of these sessions, or of none,
-- and all of sessions that are taken whole.
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
FROM (
  FROM base.metric_points
  WHERE rowid >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
  UNION ALL
  FROM base.metric_points
  WHERE rowid < $mark AND session_id IN (SELECT unnest($whole))
  UNION ALL
  FROM base.metric_points
  WHERE rowid >= $mark AND time < $detailed AND time >= $since AND session_id IS NULL
)
WHERE canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
  AND counting IS NOT NULL;
