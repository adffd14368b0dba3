-- One row per event of the last ones before a time: those that are counted in groups.
SELECT
  CAST(record_id AS VARCHAR) AS id,
  epoch_us(time) AS time,
  * EXCLUDE (record_id, time)
FROM (
  SELECT
    record_id, time, request_id, session_id, user_id, workflow_id, stage, task_id, agent,
    canonical_model,
    prompt_id, source_kind, duration_ms, input_tokens, output_tokens, cache_read_tokens,
    cache_creation_tokens, cost_nano_usd, agent_id, agent_name,
    'requests' AS source_table
  FROM base.api_request_logs
  WHERE rowid >= $requests AND time >= $since AND time < $detailed AND repeated IS NULL
  ORDER BY time DESC, record_id DESC
  LIMIT $limit
)
UNION ALL BY NAME
FROM (
  SELECT
    CAST(record_id AS VARCHAR) AS id, epoch_us(time) AS time, session_id, user_id, workflow_id,
    stage, task_id, agent, canonical_model, prompt_id, event_name, duration_ms, tool_name, success,
    error, status_code, prompt_length, command_name, agent_id,
    CASE WHEN event_name = 'stage_mark' THEN attributes END AS attributes
  FROM base.other_logs
  WHERE rowid >= $others AND time >= $since AND time < $detailed
  ORDER BY time DESC, record_id DESC
  LIMIT $limit
);
