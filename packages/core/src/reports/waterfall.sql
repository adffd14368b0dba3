-- One row per step of a session that takes time: requests, tools, subagents, compactions and failures; by when it began.
SELECT
  start_time,
  time AS end_time,
  duration_ms,
  prompt,
  prompt_id,
  step,
  subject,
  detail,
  agent_name,
  agent_id,
  stage,
  outcome,
  ttft_ms,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  total_tokens,
  cost_usd,
  step_id
FROM base.steps($session)
WHERE step != 'usage'
  AND ($since IS NULL OR time >= $since)
  AND ($until IS NULL OR time < $until)
  AND ($prompt IS NULL OR starts_with(coalesce(prompt_id, '(none)'), $prompt))
ORDER BY start_time, end_time, event_sequence, step, subject
LIMIT $limit;
