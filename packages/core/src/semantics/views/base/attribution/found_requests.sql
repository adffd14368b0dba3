-- One row per other api_request event, with the stage that was found for it, and how: in a session
-- with marks or in a trace with a stage, or of a subagent whose type is known.
CREATE OR REPLACE VIEW base.found_requests AS
SELECT
  * REPLACE (
    coalesce(workflow_id, found ->> 'workflow_id') AS workflow_id,
    coalesce(workflow_path, found ->> 'workflow_path') AS workflow_path,
    coalesce(complexity, found ->> 'complexity') AS complexity,
    coalesce(stage, found ->> 'stage') AS stage,
    coalesce(task_id, found ->> 'task_id') AS task_id,
    coalesce(agent, found ->> 'agent') AS agent,
    coalesce(model_expected, found ->> 'model_expected') AS model_expected
  )
FROM (
  SELECT
    request.*,
    CASE
      WHEN request.stage IS NULL THEN base.ladder(
        said,
        coalesce(run_since, base.began(time, duration_ms)),
        coalesce(run_since, base.began(time, duration_ms)),
        {'prompt_id': prompt_id, 'agent_id': agent_id, 'agent_name': agent_name},
        {'trace_id': trace_id, 'span_id': span_id}
      )
    END AS found
  FROM base.requests AS request
  JOIN base.evidence USING (session_id)
  LEFT JOIN base.agent_runs USING (session_id, agent_id)
)
UNION ALL BY NAME
SELECT
  * REPLACE (agent_name AS stage),
  base.agent_tags(agent_name) AS found
FROM base.requests
ANTI JOIN base.evidence USING (session_id)
WHERE stage IS NULL AND base.real_agent(agent_name) IS NOT NULL;
