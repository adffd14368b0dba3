-- One row per api_request event as the live state and the status line read it.
CREATE OR REPLACE VIEW base.live_requests AS
SELECT
  rowid AS row_id,
  record_id AS id,
  time,
  repeated,
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
  agent_name,
  trace_id,
  span_id
FROM base.api_request_logs;
