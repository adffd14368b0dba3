-- What the marks or spans of a group say together, as a JSON object: NULL where they name no stage,
-- ambiguous where they name several, for then nobody knows which of them it was.
CREATE OR REPLACE MACRO base.agreed_tags(
  rung, workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
) AS
  CASE
    WHEN max(stage) IS NULL THEN NULL
    WHEN min(stage) <> max(stage) THEN '{"attribution":"ambiguous"}'
    ELSE CAST(
      json_merge_patch(
        '{}',
        json_object(
          'attribution', rung,
          'workflow_id', base.common(workflow_id),
          'workflow_path', base.common(workflow_path),
          'complexity', base.common(complexity),
          'stage', max(stage),
          'task_id', base.common(task_id),
          'agent', base.common(agent),
          'model_expected', base.common(model_expected)
        )
      ) AS VARCHAR
    )
  END;
