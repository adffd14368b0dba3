-- One row per log record: its event, with all its attributes.
CREATE OR REPLACE VIEW events AS
SELECT
  time,
  event_name,
  session_id,
  prompt_id,
  event_sequence,
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
  CAST(all_attributes AS JSON) AS attributes
FROM base.logs;
