-- One row per step of a session: prompts, requests, tools, subagents, compactions and failures.
SELECT
  time,
  prompt,
  step,
  subject,
  detail,
  agent_name,
  stage,
  outcome,
  duration_ms,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  total_tokens,
  cost_usd
FROM base.steps($session)
WHERE ($since IS NULL OR time >= $since)
  AND ($until IS NULL OR time < $until)
ORDER BY time, event_sequence, step, subject
LIMIT $limit;
