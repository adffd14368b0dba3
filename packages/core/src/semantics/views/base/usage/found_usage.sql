-- One row per other api_request event, or per increment of tokens or cost where a session has metrics
-- only; with the stage that was found for it, and how.
CREATE OR REPLACE VIEW base.found_usage AS
SELECT
  'events' AS ledger,
  CAST(1 AS BIGINT) AS requests,
  *
FROM base.found_requests
UNION ALL BY NAME
SELECT
  'metrics' AS ledger,
  time,
  session_id,
  model,
  canonical_model,
  CASE WHEN token_kind = 'input' THEN tokens END AS input_tokens,
  CASE WHEN token_kind = 'output' THEN tokens END AS output_tokens,
  CASE WHEN token_kind = 'cacheRead' THEN tokens END AS cache_read_tokens,
  CASE WHEN token_kind = 'cacheCreation' THEN tokens END AS cache_creation_tokens,
  CAST(CAST(TRY_CAST(cost AS DECIMAL(18, 9)) AS DECIMAL(38, 9)) * 1000000000 AS BIGINT)
    AS cost_nano_usd,
  CASE
    WHEN TRY_CAST(cost AS DECIMAL(18, 9)) IS NULL THEN TRY_CAST(cost AS DECIMAL(38, 9))
  END AS large_cost_usd,
  speed,
  effort,
  source_kind,
  agent_name,
  skill_name,
  mcp_server_name,
  coalesce(workflow_id, found ->> 'workflow_id') AS workflow_id,
  coalesce(workflow_path, found ->> 'workflow_path') AS workflow_path,
  coalesce(complexity, found ->> 'complexity') AS complexity,
  coalesce(stage, found ->> 'stage') AS stage,
  coalesce(task_id, found ->> 'task_id') AS task_id,
  coalesce(agent, found ->> 'agent') AS agent,
  coalesce(model_expected, found ->> 'model_expected') AS model_expected,
  user_id,
  user_email,
  organization_id,
  terminal_type,
  app_entrypoint,
  service_name,
  service_version,
  host_name,
  tags,
  attributes,
  found
FROM (
  SELECT
    increments.* EXCLUDE (in_events),
    CASE
      WHEN stage IS NULL THEN base.ladder(
        said,
        coalesce(start_time, time),
        time,
        {'prompt_id': NULL, 'agent_id': NULL, 'agent_name': agent_name},
        {'trace_id': NULL, 'span_id': NULL}
      )
    END AS found,
    CASE
      WHEN canonical_metric = 'claude_code.token.usage'
        THEN base.tokens_of(increment_int, increment)
    END AS tokens,
    CASE WHEN canonical_metric = 'claude_code.cost.usage' THEN increment END AS cost
  FROM base.metric_usage AS increments
  LEFT JOIN base.evidence USING (session_id)
  WHERE NOT increments.in_events
);
