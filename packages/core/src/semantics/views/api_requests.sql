-- One row per api_request event: a request that the API answered.
CREATE OR REPLACE VIEW api_requests AS
SELECT
  time,
  session_id,
  prompt_id,
  request_id,
  model,
  canonical_model,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  cache_creation_5m_tokens,
  cache_creation_1h_tokens,
  base.record_tokens(input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
    AS total_tokens,
  base.usd(cost_nano_usd) AS cost_usd,
  duration_ms,
  ttft_ms,
  speed,
  effort,
  query_source,
  source_kind,
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
FROM (
  SELECT *, CAST(NULL AS VARCHAR) AS found
  FROM base.plain_requests
  UNION ALL BY NAME
  FROM base.found_requests
);
