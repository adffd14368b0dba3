-- One row per log record other than api_request in a session with marks or in a trace with a stage.
CREATE OR REPLACE VIEW base.found_logs AS
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
    log.*,
    CASE
      WHEN log.stage IS NULL AND event_name <> 'stage_mark' THEN base.ladder(
        said,
        coalesce(run_since, base.began(time, duration_ms)),
        coalesce(run_since, base.began(time, duration_ms)),
        {
          'prompt_id': prompt_id,
          'agent_id': agent_id,
          'agent_name': coalesce(agent_name, agent_type, run_name)
        },
        {'trace_id': trace_id, 'span_id': span_id}
      )
    END AS found
  FROM base.other_logs AS log
  JOIN base.evidence USING (session_id)
  LEFT JOIN base.agent_runs USING (session_id, agent_id)
);
