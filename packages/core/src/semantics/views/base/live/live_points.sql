-- One row per point of usage that counts as the live state and the status line read it.
CREATE OR REPLACE VIEW base.live_points AS
SELECT
  rowid AS row_id,
  record_id AS id,
  time,
  CAST(time_nanos AS BIGINT) AS time_nanos,
  session_id,
  user_id,
  workflow_id,
  stage,
  task_id,
  agent,
  agent_name,
  canonical_model,
  metric_name,
  canonical_metric,
  counting,
  is_monotonic,
  coalesce(value, distribution_sum) AS value,
  value_int,
  series_id,
  start_time,
  CAST(start_time_nanos AS BIGINT) AS start_time_nanos,
  token_kind
FROM base.metric_points
WHERE canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
  AND counting IS NOT NULL;
