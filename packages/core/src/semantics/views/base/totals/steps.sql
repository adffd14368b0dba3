-- One row per step of a session: prompts, requests, tools, subagents, compactions and failures.
-- A prompt is numbered by when it was first heard of, whatever part of the session is looked at.
CREATE OR REPLACE MACRO base.steps(only_session) AS TABLE
WITH steps AS (
  SELECT
    time,
    CAST(NULL AS BIGINT) AS event_sequence,
    prompt_id,
    request_id AS step_id,
    CASE ledger WHEN 'events' THEN 'request' ELSE 'usage' END AS step,
    model AS subject,
    source_kind AS detail,
    agent_name,
    agent_id,
    stage,
    task_id,
    duration_ms,
    ttft_ms,
    requests,
    CAST(1 AS BIGINT) AS entries,
    model,
    canonical_model,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_creation_tokens,
    coalesce(base.usd(cost_nano_usd), large_cost_usd) AS cost_usd,
    CASE ledger WHEN 'events' THEN 'ok' END AS outcome
  FROM base.usage
  WHERE session_id = only_session
  UNION ALL BY NAME
  SELECT
    time,
    event_sequence,
    prompt_id,
    coalesce(tool_use_id, request_id) AS step_id,
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
    coalesce(agent_name, agent_type) AS agent_name,
    agent_id,
    stage,
    task_id,
    duration_ms,
    prompt_length,
    command_name,
    CASE
      WHEN event_name IN ('api_error', 'api_refusal') THEN coalesce(status_code, 'failed')
      WHEN success THEN 'ok'
      WHEN NOT success THEN 'failed'
    END AS outcome
  FROM base.staged_logs
  WHERE session_id = only_session
    AND event_name IN (
      'user_prompt', 'tool_result', 'subagent_completed', 'api_error', 'api_refusal', 'compaction'
    )
),
grouped AS (
  SELECT
    * EXCLUDE (agent_name),
    coalesce(
      agent_name,
      CASE WHEN agent_id IS NOT NULL THEN max(agent_name) OVER (PARTITION BY agent_id) END
    ) AS agent_name,
    min(time) OVER (PARTITION BY prompt_id) AS prompt_time
  FROM steps
)
SELECT
  * EXCLUDE (prompt_time),
  base.began(time, duration_ms) AS start_time,
  CASE
    WHEN entries > 0 THEN base.record_tokens(
      input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens
    )
  END AS total_tokens,
  CASE
    WHEN prompt_id IS NOT NULL
      THEN dense_rank() OVER (ORDER BY prompt_id IS NULL, prompt_time, prompt_id)
  END AS prompt
FROM grouped;
