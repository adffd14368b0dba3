-- One row per new log record of any other event since a time.
SELECT
  CAST(record_id AS VARCHAR) AS id,
  epoch_us(time) AS time,
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
FROM base.other_logs
WHERE rowid >= $mark AND time >= $detailed;
