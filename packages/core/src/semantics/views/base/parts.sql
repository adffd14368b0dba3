-- One row per request, or increment of a metric, within the given limits, and the part it belongs to.
CREATE OR REPLACE MACRO base.parts(
  part_by, since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT
  CASE part_by
    WHEN 'model' THEN model
    WHEN 'source' THEN source_kind
    WHEN 'workflow' THEN workflow_id
    WHEN 'stage' THEN stage
    WHEN 'task' THEN task_id
    WHEN 'agent' THEN agent
    WHEN 'subagent' THEN agent_name
    WHEN 'skill' THEN skill_name
    WHEN 'mcp' THEN mcp_server_name
    WHEN 'session' THEN session_id
    WHEN 'user' THEN coalesce(user_email, user_id)
    WHEN 'host' THEN host_name
    WHEN 'terminal' THEN terminal_type
    WHEN 'entrypoint' THEN app_entrypoint
    WHEN 'version' THEN service_version
    WHEN 'effort' THEN effort
    WHEN 'speed' THEN speed
  END AS part,
  *
FROM base.usage
WHERE base.within(
    time, session_id, workflow_id, stage,
    since, until, only_session, only_workflow, only_stage
  )
  AND base.of_model(model, only_model);
