-- One row per mark of a stage before a time: the new ones of these sessions, and all of sessions that
-- are taken whole.
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
  agent_id,
  attributes
FROM (
  FROM base.other_logs
  WHERE rowid >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
  UNION ALL
  FROM base.other_logs
  WHERE rowid < $mark AND session_id IN (SELECT unnest($whole))
)
WHERE event_name = 'stage_mark';
