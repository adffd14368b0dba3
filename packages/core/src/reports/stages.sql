-- One row per stage of a workflow, in the order they began, latest workflow first; what has no workflow is a row of its own.
SELECT
  coalesce(workflow_id, '(none)') AS workflow_id,
  coalesce(stage, '(none)') AS stage,
  first_time,
  last_time,
  wall_seconds,
  prompts,
  ledger,
  requests,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  total_tokens,
  cost_usd,
  unpriced_requests,
  cache_hit_rate,
  errors,
  tool_calls,
  tool_failures,
  array_to_string(models, ', ') AS models,
  CAST(cost_usd AS DOUBLE) / nullif(CAST(sum(cost_usd) OVER () AS DOUBLE), 0) AS cost_share
FROM base.stages($since, $until, $session, $workflow, $stage, $model)
ORDER BY
  max(last_time) OVER (PARTITION BY workflow_id) DESC, workflow_id, first_time, stage
LIMIT $limit;
