-- One row per api_refusal event: a request that the model refused.
CREATE OR REPLACE VIEW api_refusals AS
SELECT
  time,
  session_id,
  prompt_id,
  event_sequence,
  request_id,
  model,
  json_extract_string(attributes, '$.category') AS category,
  attempt,
  speed,
  effort,
  query_source,
  CASE
    WHEN query_source IS NULL OR query_source IN ('', 'sdk') THEN 'main'
    WHEN starts_with(query_source, 'repl_main_thread') THEN 'main'
    WHEN starts_with(query_source, 'agent:') OR query_source = 'hook_agent' THEN 'subagent'
    ELSE 'auxiliary'
  END AS source_kind,
  agent_name,
  agent_id,
  skill_name,
  mcp_server_name,
  mcp_tool_name,
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
WHERE event_name = 'api_refusal';
