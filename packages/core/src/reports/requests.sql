-- One row per request that the API answered; the newest first.
SELECT
  time,
  coalesce(session_id, '(none)') AS session_id,
  prompt_id,
  request_id,
  model,
  source_kind,
  agent_name,
  workflow_id,
  stage,
  task_id,
  agent,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  total_tokens,
  cost_usd,
  duration_ms,
  ttft_ms,
  speed,
  effort
FROM api_requests
WHERE base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
  AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
  AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
  AND ($prompt IS NULL OR starts_with(coalesce(prompt_id, '(none)'), $prompt))
  AND base.of_model(canonical_model, $model)
ORDER BY time DESC, session_id, request_id
LIMIT $limit;
