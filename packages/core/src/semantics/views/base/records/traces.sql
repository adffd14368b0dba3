-- One row per span; all_attributes holds every attribute by its own name.
CREATE OR REPLACE VIEW base.traces AS
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
        'span.type', span_type,
        'model', model,
        'request_id', request_id,
        'agent_id', agent_id,
        'parent_agent_id', parent_agent_id,
        'tool_name', tool_name,
        'tool_use_id', tool_use_id,
        'duration_ms', duration_ms,
        'ttft_ms', ttft_ms,
        'input_tokens', input_tokens,
        'output_tokens', output_tokens,
        'cache_read_tokens', cache_read_tokens,
        'cache_creation_tokens', cache_creation_tokens,
        'success', success
      )
    ),
    coalesce(attributes, '{}')
  ) AS all_attributes
FROM base.spans;
