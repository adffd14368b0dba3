-- One row per stage of a workflow, in the order they began, latest workflow first; what has no workflow is a row of its own.
SELECT
  coalesce(workflow_id, '(none)') AS workflow_id,
  coalesce(stage, '(none)') AS stage,
  * EXCLUDE (workflow_id, stage, unattributed_share)
    REPLACE (array_to_string(models, ', ') AS models),
  CAST(cost_usd AS DOUBLE) / nullif(CAST(sum(cost_usd) OVER () AS DOUBLE), 0) AS cost_share
FROM base.stages($since, $until, $session, $workflow, $stage, $model)
ORDER BY
  max(last_time) OVER (PARTITION BY workflow_id) DESC, workflow_id, first_time, stage
LIMIT $limit;
