-- One row per session, the newest first.
SELECT
  coalesce(session_id, '(none)') AS session_id,
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
  unattributed_share
FROM base.sessions($since, $until, $session, $workflow, $stage, $model)
ORDER BY last_time DESC, session_id
LIMIT $limit;
