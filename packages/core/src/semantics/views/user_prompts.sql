-- One row per user_prompt event: a prompt, typed or synthetic.
CREATE OR REPLACE VIEW user_prompts AS
SELECT
  time,
  session_id,
  prompt_id,
  event_sequence,
  prompt_length,
  prompt,
  command_name,
  command_source,
  message_uuid,
  workflow_id,
  workflow_path,
  complexity,
  stage,
  task_id,
  agent,
  model_expected,
  base.attribution(found, stage) AS attribution,
  user_id,
  user_email,
  organization_id,
  terminal_type,
  app_entrypoint,
  service_name,
  service_version,
  CAST(tags AS JSON) AS tags,
  CAST(attributes AS JSON) AS attributes
FROM base.staged_logs
WHERE event_name = 'user_prompt';
