-- One row per new api_request since a time.
SELECT
  CAST(record_id AS VARCHAR) AS id,
  epoch_us(time) AS time,
  request_id,
  session_id,
  user_id,
  workflow_id,
  stage,
  task_id,
  agent,
  canonical_model,
  prompt_id,
  source_kind,
  duration_ms,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  cost_nano_usd,
  agent_id,
  agent_name
FROM base.api_request_logs
WHERE rowid >= $mark AND time >= $detailed AND repeated IS NULL;
