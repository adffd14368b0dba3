-- One row per task and agent, in the order they began, latest workflow first; what has no task is a row of its own.
SELECT
  coalesce(workflow_id, '(none)') AS workflow_id,
  coalesce(stage, '(none)') AS stage,
  coalesce(task_id, '(none)') AS task_id,
  coalesce(agent, '(none)') AS agent,
  * EXCLUDE (workflow_id, stage, task_id, agent, unattributed_share)
    REPLACE (array_to_string(models, ', ') AS models),
  CAST(cost_usd AS DOUBLE) / nullif(CAST(sum(cost_usd) OVER () AS DOUBLE), 0) AS cost_share
FROM base.tasks($since, $until, $session, $workflow, $stage, $model)
ORDER BY
  max(last_time) OVER (PARTITION BY workflow_id) DESC, workflow_id, first_time, task_id
LIMIT $limit;
