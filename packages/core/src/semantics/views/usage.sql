-- One row per api_request event, or per increment of tokens or cost where a session has metrics only.
CREATE OR REPLACE VIEW usage AS
SELECT
  ledger,
  time,
  session_id,
  prompt_id,
  model,
  requests,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  TRY(
    coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
    + coalesce(cache_read_tokens, 0) + coalesce(cache_creation_tokens, 0)
  ) AS total_tokens,
  cost_usd,
  duration_ms,
  speed,
  effort,
  source_kind,
  agent_name,
  skill_name,
  mcp_server_name,
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
  CAST(tags AS JSON) AS tags
FROM base.usage;
