-- One row per mcp_server_connection event: an MCP server that connected or failed to.
CREATE OR REPLACE VIEW mcp_connections AS
SELECT
  time,
  session_id,
  prompt_id,
  event_sequence,
  json_extract_string(attributes, '$.status') AS status,
  json_extract_string(attributes, '$.server_name') AS server_name,
  json_extract_string(attributes, '$.transport_type') AS transport_type,
  json_extract_string(attributes, '$.server_scope') AS server_scope,
  duration_ms,
  error,
  json_extract_string(attributes, '$.error_code') AS error_code,
  plugin_name,
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
WHERE event_name = 'mcp_server_connection';
