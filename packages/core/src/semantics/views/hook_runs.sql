-- One row per hook_execution_complete event: the hooks of one occasion that have run.
CREATE OR REPLACE VIEW hook_runs AS
SELECT
  time,
  session_id,
  prompt_id,
  event_sequence,
  json_extract_string(attributes, '$.hook_event') AS hook_event,
  json_extract_string(attributes, '$.hook_name') AS hook_name,
  json_extract_string(attributes, '$.hook_source') AS hook_source,
  TRY_CAST(json_extract_string(attributes, '$.num_hooks') AS BIGINT) AS num_hooks,
  TRY_CAST(json_extract_string(attributes, '$.num_success') AS BIGINT) AS num_success,
  TRY_CAST(json_extract_string(attributes, '$.num_blocking') AS BIGINT) AS num_blocking,
  TRY_CAST(json_extract_string(attributes, '$.num_non_blocking_error') AS BIGINT) AS num_non_blocking_error,
  TRY_CAST(json_extract_string(attributes, '$.num_cancelled') AS BIGINT) AS num_cancelled,
  coalesce(
    duration_ms,
    TRY_CAST(json_extract_string(attributes, '$.total_duration_ms') AS BIGINT)
  ) AS duration_ms,
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
WHERE event_name = 'hook_execution_complete';
