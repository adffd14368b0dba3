-- One row per workflow, the most expensive first; what has no workflow is a row of its own.
SELECT
  coalesce(workflow_id, '(none)') AS workflow_id,
  * EXCLUDE (workflow_id, unattributed_share)
    REPLACE (array_to_string(models, ', ') AS models),
  CAST(cost_usd AS DOUBLE) / nullif(CAST(sum(cost_usd) OVER () AS DOUBLE), 0) AS cost_share,
  unattributed_share
FROM base.workflows($since, $until, $session, $workflow, $stage, $model)
ORDER BY cost_usd DESC, total_tokens DESC, workflow_id
LIMIT $limit;
