-- One row per stage_mark event: a stage that began or ended within a session.
CREATE OR REPLACE VIEW stage_marks AS
SELECT
  time,
  session_id,
  prompt_id,
  event_sequence,
  json_extract_string(attributes, '$.action') AS action,
  json_extract_string(attributes, '$.note') AS note,
  workflow_id,
  workflow_path,
  complexity,
  stage,
  task_id,
  agent,
  model_expected,
  CASE WHEN stage IS NULL THEN 'none' ELSE 'tag' END AS attribution,
  user_id,
  user_email,
  organization_id,
  terminal_type,
  app_entrypoint,
  service_name,
  service_version,
  CAST(tags AS JSON) AS tags,
  CAST(attributes AS JSON) AS attributes
FROM base.other_logs
WHERE event_name = 'stage_mark';
