-- One row per stage_mark event that names a session.
CREATE OR REPLACE VIEW base.marks AS
SELECT
  session_id,
  time,
  json_extract_string(attributes, '$.action') AS action,
  prompt_id,
  agent_id,
  workflow_id,
  workflow_path,
  complexity,
  stage,
  task_id,
  agent,
  model_expected
FROM base.other_logs
WHERE event_name = 'stage_mark'
  AND session_id IS NOT NULL;
