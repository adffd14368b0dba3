-- One row per step of a session: prompts, requests, tools, subagents, compactions and failures.
WITH steps AS (
  SELECT
    time,
    CAST(NULL AS BIGINT) AS event_sequence,
    prompt_id,
    CASE ledger WHEN 'events' THEN 'request' ELSE 'usage' END AS step,
    model AS subject,
    source_kind AS detail,
    agent_name,
    stage,
    duration_ms,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_creation_tokens,
    total_tokens,
    cost_usd,
    CASE ledger WHEN 'events' THEN 'ok' END AS outcome
  FROM usage
  WHERE session_id = $session
  UNION ALL BY NAME
  SELECT
    time,
    event_sequence,
    prompt_id,
    CASE event_name
      WHEN 'user_prompt' THEN 'prompt'
      WHEN 'tool_result' THEN 'tool'
      WHEN 'subagent_completed' THEN 'subagent'
      WHEN 'api_error' THEN 'error'
      WHEN 'api_refusal' THEN 'refusal'
      ELSE event_name
    END AS step,
    coalesce(tool_name, agent_type, command_name, model) AS subject,
    coalesce(error_type, error, trigger) AS detail,
    agent_name,
    stage,
    duration_ms,
    CASE
      WHEN event_name IN ('api_error', 'api_refusal') THEN coalesce(status_code, 'failed')
      WHEN success THEN 'ok'
      WHEN NOT success THEN 'failed'
    END AS outcome
  FROM base.other_logs
  WHERE session_id = $session
    AND event_name IN (
      'user_prompt', 'tool_result', 'subagent_completed', 'api_error', 'api_refusal', 'compaction'
    )
),
grouped AS (
  SELECT
    *,
    min(time) OVER (PARTITION BY prompt_id) AS prompt_time
  FROM steps
)
SELECT
  time,
  CASE
    WHEN prompt_id IS NOT NULL
      THEN dense_rank() OVER (ORDER BY prompt_id IS NULL, prompt_time, prompt_id)
  END AS prompt,
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
FROM grouped
WHERE ($since IS NULL OR time >= $since)
  AND ($until IS NULL OR time < $until)
ORDER BY time, event_sequence, step, subject
LIMIT $limit;
