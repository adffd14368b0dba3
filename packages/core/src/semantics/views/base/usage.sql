-- One row per api_request event, or per increment of tokens or cost where a session has metrics only.
CREATE OR REPLACE VIEW base.usage AS
SELECT
  'events' AS ledger,
  time,
  session_id,
  prompt_id,
  request_id,
  model,
  CAST(1 AS BIGINT) AS requests,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  cache_creation_5m_tokens,
  cache_creation_1h_tokens,
  coalesce(cost_usd, TRY_CAST(cost_usd_micros * 0.000001 AS DECIMAL(18, 9))) AS cost_usd,
  duration_ms,
  ttft_ms,
  speed,
  effort,
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
  workflow_id,
  workflow_path,
  complexity,
  stage,
  task_id,
  agent,
  model_expected,
  user_id,
  user_email,
  organization_id,
  terminal_type,
  app_entrypoint,
  service_name,
  service_version,
  host_name,
  tags
FROM base.api_request_logs
UNION ALL
SELECT
  'metrics' AS ledger,
  time,
  session_id,
  NULL AS prompt_id,
  NULL AS request_id,
  model,
  NULL AS requests,
  CASE WHEN type = 'input' THEN tokens END AS input_tokens,
  CASE WHEN type = 'output' THEN tokens END AS output_tokens,
  CASE WHEN type IN ('cacheRead', 'cache_read') THEN tokens END AS cache_read_tokens,
  CASE WHEN type IN ('cacheCreation', 'cache_creation') THEN tokens END AS cache_creation_tokens,
  NULL AS cache_creation_5m_tokens,
  NULL AS cache_creation_1h_tokens,
  CASE
    WHEN metric_name = 'claude_code.cost.usage' THEN TRY_CAST(increment AS DECIMAL(18, 9))
  END AS cost_usd,
  NULL AS duration_ms,
  NULL AS ttft_ms,
  speed,
  effort,
  CASE
    WHEN query_source IS NULL OR query_source = '' THEN 'main'
    ELSE query_source
  END AS source_kind,
  agent_name,
  NULL AS agent_id,
  skill_name,
  mcp_server_name,
  workflow_id,
  workflow_path,
  complexity,
  stage,
  task_id,
  agent,
  model_expected,
  user_id,
  user_email,
  organization_id,
  terminal_type,
  app_entrypoint,
  service_name,
  service_version,
  host_name,
  tags
FROM (
  SELECT
    *,
    CASE
      WHEN metric_name = 'claude_code.token.usage'
        THEN coalesce(increment_int, TRY_CAST(increment AS BIGINT))
    END AS tokens
  FROM base.metric_increments
  WHERE metric_name IN ('claude_code.token.usage', 'claude_code.cost.usage')
    AND coalesce(session_id, user_id, '') IN (SELECT ledger_key FROM base.metric_ledgers)
);
