-- One row per log record of any other event as the live state and the status line read it.
CREATE OR REPLACE VIEW base.live_events AS
SELECT
  rowid AS row_id,
  record_id AS id,
  time,
  session_id,
  user_id,
  workflow_id,
  stage,
  task_id,
  agent,
  canonical_model,
  prompt_id,
  event_name,
  duration_ms,
  tool_name,
  success,
  error,
  status_code,
  prompt_length,
  command_name,
  agent_id,
  CASE WHEN event_name = 'stage_mark' THEN attributes END AS attributes
FROM base.other_logs;
