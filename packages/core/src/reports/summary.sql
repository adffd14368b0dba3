-- One row per part of the usage that was asked for; one row where none was.
WITH used AS (
  FROM base.quarter_totals($by, $since, $until, $session, $workflow, $stage, $model)
),
seen AS (
  SELECT count(DISTINCT session_id) AS sessions
  FROM base.usage
  WHERE base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND base.of_model(canonical_model, $model)
),
failed AS (
  SELECT count(*) AS errors
  FROM base.staged_logs
  WHERE event_name = 'api_error'
    AND base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND base.of_model(canonical_model, $model)
),
worked AS (
  SELECT
    count(*) AS tool_calls,
    count(*) FILTER (WHERE NOT success) AS tool_failures
  FROM base.staged_logs
  WHERE event_name = 'tool_result'
    AND base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
)
SELECT
  CASE WHEN $by IS NOT NULL THEN coalesce(part, '(none)') END AS part,
  CASE WHEN $by IS NULL THEN (SELECT sessions FROM seen) END AS sessions,
  * EXCLUDE (part),
  CAST(cost_usd AS DOUBLE) / nullif(CAST(sum(cost_usd) OVER () AS DOUBLE), 0) AS cost_share,
  CASE WHEN $by IS NULL THEN (SELECT errors FROM failed) END AS errors,
  CASE WHEN $by IS NULL AND $model IS NULL THEN (SELECT tool_calls FROM worked) END AS tool_calls,
  CASE WHEN $by IS NULL AND $model IS NULL THEN (SELECT tool_failures FROM worked) END
    AS tool_failures
FROM (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT used.part, base.usage_totals(used) AS sums
    FROM used
    GROUP BY used.part
  )
)
ORDER BY cost_usd DESC, total_tokens DESC, part
LIMIT $limit;
