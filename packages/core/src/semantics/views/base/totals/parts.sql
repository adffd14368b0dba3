-- One row per request, or increment of a metric, within the given limits, and the part it belongs to.
-- 'tag:' before the name of a tag splits by what people tag themselves. Repository, branch and provider
-- have several names: those of the semantic conventions, which Claude Code sends, and those in use.
CREATE OR REPLACE MACRO base.parts(
  part_by, since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT
  CASE part_by
    WHEN 'model' THEN canonical_model
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
    WHEN 'organization' THEN organization_id
    WHEN 'host' THEN host_name
    WHEN 'terminal' THEN terminal_type
    WHEN 'entrypoint' THEN app_entrypoint
    WHEN 'service' THEN service_name
    WHEN 'version' THEN service_version
    WHEN 'effort' THEN effort
    WHEN 'speed' THEN speed
    WHEN 'provider' THEN base.any_tag(
      tags, attributes, ['anthropic.provider', 'gen_ai.provider.name', 'provider']
    )
    WHEN 'repository' THEN base.any_tag(
      tags,
      attributes,
      ['vcs.repository.name', 'vcs.repository.url.full', 'git.repository', 'repository', 'repo']
    )
    WHEN 'branch' THEN base.any_tag(
      tags, attributes, ['vcs.ref.head.name', 'git.branch', 'git_branch', 'branch']
    )
    ELSE CASE
      WHEN starts_with(part_by, 'tag:') THEN base.any_tag(tags, attributes, [substr(part_by, 5)])
    END
  END AS part,
  *
FROM base.usage
WHERE base.within(
    time, session_id, workflow_id, stage,
    since, until, only_session, only_workflow, only_stage
  )
  AND base.of_model(canonical_model, only_model);
