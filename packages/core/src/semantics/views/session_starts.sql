-- One row per increment of claude_code.session.count: a process that began or resumed a session.
CREATE OR REPLACE VIEW session_starts AS
SELECT
  start_time,
  time,
  session_id,
  start_type,
  coalesce(increment_int, TRY_CAST(increment AS BIGINT)) AS starts,
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
  CAST(attributes AS JSON) AS attributes,
  temporality
FROM base.metric_increments
WHERE canonical_metric = 'claude_code.session.count';
