-- One row per data point; all_attributes holds every attribute by its own name.
CREATE OR REPLACE VIEW base.points AS
SELECT
  *,
  json_merge_patch(
    json_merge_patch(
      coalesce(tags, '{}'),
      json_object(
        'session.id', session_id,
        'user.id', user_id,
        'user.email', user_email,
        'user.account_uuid', user_account_uuid,
        'user.account_id', user_account_id,
        'organization.id', organization_id,
        'terminal.type', terminal_type,
        'app.version', app_version,
        'app.entrypoint', app_entrypoint,
        'workflow_id', workflow_id,
        'workflow_path', workflow_path,
        'complexity', complexity,
        'stage', stage,
        'task_id', task_id,
        'agent', agent,
        'model_expected', model_expected,
        'model', model,
        'type', type,
        'query_source', query_source,
        'effort', effort,
        'speed', speed,
        'agent.name', agent_name,
        'skill.name', skill_name,
        'plugin.name', plugin_name,
        'mcp_server.name', mcp_server_name,
        'mcp_tool.name', mcp_tool_name,
        'start_type', start_type,
        'tool_name', tool_name,
        'decision', decision,
        'source', source,
        'language', language
      )
    ),
    coalesce(attributes, '{}')
  ) AS all_attributes
FROM base.metric_points;
