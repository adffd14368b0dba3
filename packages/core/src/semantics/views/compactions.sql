-- One row per compaction event: a context that was made smaller.
CREATE OR REPLACE VIEW compactions AS
SELECT
  time,
  session_id,
  prompt_id,
  event_sequence,
  trigger,
  success,
  duration_ms,
  pre_tokens,
  post_tokens,
  error,
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
WHERE event_name = 'compaction';
