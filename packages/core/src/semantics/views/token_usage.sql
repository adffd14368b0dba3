-- One row per increment of claude_code.token.usage: tokens of one type.
CREATE OR REPLACE VIEW token_usage AS
SELECT
  start_time,
  time,
  session_id,
  model,
  canonical_model,
  CASE type
    WHEN 'cache_read' THEN 'cacheRead'
    WHEN 'cache_creation' THEN 'cacheCreation'
    ELSE type
  END AS type,
  base.tokens_of(increment_int, increment) AS tokens,
  query_source,
  source_kind,
  effort,
  speed,
  agent_name,
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
WHERE canonical_metric = 'claude_code.token.usage';
