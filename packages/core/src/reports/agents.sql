-- One row per task, agent and who asked for it, the main loop or a subagent, in the order they began, latest workflow first.
-- What does not say whose it was stands with the main loop; where no request says who asked, it is unknown, too.
WITH newest AS (
  FROM base.newest_workflows(
    $since, $until, $workflow,
    CASE WHEN coalesce($session, $stage, $task, $agent, $model) IS NULL THEN $limit END
  )
),
named AS (
  SELECT agent_id, any_value(agent_name) AS agent_name
  FROM base.requests
  WHERE agent_id IS NOT NULL
    AND agent_name IS NOT NULL
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
  GROUP BY agent_id
),
ran AS (
  SELECT
    workflow_id, stage, task_id, agent, 'subagent' AS source_kind, agent_type AS agent_name,
    min(time) AS first_time, max(time) AS last_time, count(*) AS runs
  FROM base.staged_logs
  WHERE event_name = 'subagent_completed'
    AND coalesce(workflow_id, '(none)') IN (FROM newest)
    AND base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND base.of_task(task_id, agent, $task, $agent)
    AND $model IS NULL
  GROUP BY ALL
),
worked AS (
  FROM base.tag_totals(
    source_kind, agent_name, agent_id, time,
    coalesce(workflow_id, '(none)') IN (FROM newest)
    AND base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND base.of_task(task_id, agent, $task, $agent),
    $model
  )
),
asked AS (
  SELECT
    *,
    coalesce(bool_or(usage_key_1 = 'main') OVER one_task, false) AS asked_by_main,
    coalesce(bool_or(usage_key_1 = 'unknown') OVER one_task, false) AS asked_by_unknown
  FROM worked
  WINDOW one_task AS (PARTITION BY workflow_id, stage, task_id, agent)
),
parts AS (
  SELECT
    CASE
      WHEN usage_key_1 IS NOT NULL THEN usage_key_1
      WHEN log_key IS NOT NULL THEN 'subagent'
      WHEN asked_by_unknown AND NOT asked_by_main THEN 'unknown'
      ELSE 'main'
    END AS source_kind,
    coalesce(usage_key_2, named.agent_name) AS agent_name,
    worked.* EXCLUDE (usage_key_1, usage_key_2, log_key, asked_by_main, asked_by_unknown)
  FROM asked AS worked
  LEFT JOIN named ON named.agent_id = log_key
  UNION ALL BY NAME
  FROM ran
)
SELECT
  coalesce(workflow_id, '(none)') AS workflow_id,
  coalesce(stage, '(none)') AS stage,
  coalesce(task_id, '(none)') AS task_id,
  coalesce(agent, '(none)') AS agent,
  * EXCLUDE (workflow_id, stage, task_id, agent, prompts, models, unattributed_share),
  array_to_string(models, ', ') AS models,
  CAST(cost_usd AS DOUBLE)
    / nullif(CAST(sum(cost_usd) OVER (PARTITION BY totals.workflow_id) AS DOUBLE), 0)
    AS workflow_share
FROM (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      part.workflow_id, part.stage, part.task_id, part.agent, part.source_kind, part.agent_name,
      CASE WHEN $model IS NULL THEN base.counted(part.runs) END AS runs,
      base.totals(part, $model) AS sums
    FROM parts AS part
    GROUP BY ALL
  )
) AS totals
ORDER BY
  max(last_time) OVER (PARTITION BY totals.workflow_id) DESC, workflow_id, first_time, task_id,
  source_kind, agent_name
LIMIT $limit;
