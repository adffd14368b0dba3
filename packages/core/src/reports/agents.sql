-- One row per task, agent and who asked for it, the main loop or a subagent, in the order they began, latest workflow first.
WITH looked_up AS MATERIALIZED (
  FROM base.found_logs
  WHERE event_name IN ('user_prompt', 'tool_result', 'api_error', 'subagent_completed')
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
),
logs AS NOT MATERIALIZED (
  SELECT *, CAST(NULL AS VARCHAR) AS found
  FROM base.plain_logs
  UNION ALL BY NAME
  FROM looked_up
),
found_used AS MATERIALIZED (
  SELECT
    time,
    duration_ms,
    session_id,
    workflow_id,
    stage,
    task_id,
    agent,
    tags,
    found,
    source_kind,
    agent_name,
    model,
    requests,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_creation_tokens,
    cost_usd
  FROM base.found_usage
  WHERE ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
),
used AS NOT MATERIALIZED (
  SELECT *, CAST(NULL AS VARCHAR) AS found
  FROM base.plain_usage
  UNION ALL BY NAME
  FROM found_used
),
newest AS (
  SELECT workflow
  FROM (
    SELECT coalesce(workflow_id, '(none)') AS workflow, max(time) AS last_time
    FROM (
      SELECT time, workflow_id FROM base.api_request_logs
      UNION ALL
      SELECT time, workflow_id FROM found_used
    )
    WHERE ($since IS NULL OR time >= $since)
      AND ($until IS NULL OR time < $until)
    GROUP BY workflow_id
    UNION ALL
    SELECT coalesce(workflow_id, '(none)') AS workflow, max(time) AS last_time
    FROM (
      SELECT time, event_name, workflow_id FROM base.other_logs
      UNION ALL
      SELECT time, event_name, workflow_id FROM looked_up
    )
    WHERE event_name = 'user_prompt'
      AND ($since IS NULL OR time >= $since)
      AND ($until IS NULL OR time < $until)
    GROUP BY workflow_id
  )
  WHERE $workflow IS NULL OR workflow = $workflow
  GROUP BY workflow
  ORDER BY max(last_time) DESC
  LIMIT CASE
    WHEN $session IS NULL AND $stage IS NULL AND $task IS NULL AND $agent IS NULL AND $model IS NULL THEN $limit
  END
),
named AS (
  SELECT agent_id, any_value(agent_name) AS agent_name
  FROM base.api_request_logs
  WHERE agent_id IS NOT NULL
    AND agent_name IS NOT NULL
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
  GROUP BY agent_id
),
spent AS (
  SELECT
    tags,
    found,
    source_kind,
    agent_name,
    model,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd
  FROM used
  WHERE ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND coalesce(workflow_id, '(none)') IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
    AND ($model IS NULL OR model = $model)
  GROUP BY ALL
),
worked AS (
  SELECT
    tags,
    found,
    agent_id,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS tool_calls,
    count(*) FILTER (WHERE NOT success) AS tool_failures
  FROM logs
  WHERE event_name = 'tool_result'
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND coalesce(workflow_id, '(none)') IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
    AND $model IS NULL
  GROUP BY ALL
),
failed AS (
  SELECT
    tags,
    found,
    agent_id,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS errors
  FROM logs
  WHERE event_name = 'api_error'
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND coalesce(workflow_id, '(none)') IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
    AND $model IS NULL
  GROUP BY ALL
),
ran AS (
  SELECT
    tags,
    found,
    agent_type AS agent_name,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS runs
  FROM logs
  WHERE event_name = 'subagent_completed'
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND coalesce(workflow_id, '(none)') IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
    AND $model IS NULL
  GROUP BY ALL
),
told AS (
  FROM spent
  UNION ALL BY NAME
  SELECT
    * EXCLUDE (agent_id),
    CASE WHEN agent_id IS NULL THEN 'main' ELSE 'subagent' END AS source_kind
  FROM (FROM worked UNION ALL BY NAME FROM failed)
  LEFT JOIN named USING (agent_id)
  UNION ALL BY NAME
  SELECT *, 'subagent' AS source_kind
  FROM ran
),
summed AS (
  SELECT
    coalesce(tags ->> 'workflow_id', found ->> 'workflow_id') AS workflow_id,
    coalesce(tags ->> 'stage', found ->> 'stage') AS stage,
    coalesce(tags ->> 'task_id', found ->> 'task_id') AS task_id,
    coalesce(tags ->> 'agent', found ->> 'agent') AS agent,
    * EXCLUDE (tags, found)
  FROM told
)
SELECT
  coalesce(workflow_id, '(none)') AS workflow_id,
  coalesce(stage, '(none)') AS stage,
  coalesce(task_id, '(none)') AS task_id,
  coalesce(agent, '(none)') AS agent,
  source_kind,
  agent_name,
  base.total(runs) AS runs,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  base.wall_seconds(first_time, last_time) AS wall_seconds,
  base.told_by(entries, requests) AS ledger,
  base.known_requests(entries, requests) AS requests,
  base.total(input_tokens) AS input_tokens,
  base.total(output_tokens) AS output_tokens,
  base.total(cache_read_tokens) AS cache_read_tokens,
  base.total(cache_creation_tokens) AS cache_creation_tokens,
  base.all_tokens(input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
    AS total_tokens,
  coalesce(sum(cost_usd), 0) AS cost_usd,
  base.cache_hit_rate(input_tokens, cache_read_tokens, cache_creation_tokens)
    AS cache_hit_rate,
  base.total(errors) AS errors,
  base.total(tool_calls) AS tool_calls,
  base.total(tool_failures) AS tool_failures,
  array_to_string(base.sorted(model), ', ') AS models,
  CAST(coalesce(sum(cost_usd), 0) AS DOUBLE)
    / nullif(
      CAST(sum(sum(cost_usd)) OVER (PARTITION BY summed.workflow_id) AS DOUBLE), 0
    ) AS workflow_share
FROM summed
GROUP BY summed.workflow_id, summed.stage, summed.task_id, summed.agent, source_kind, agent_name
ORDER BY
  max(max(last_time)) OVER (PARTITION BY summed.workflow_id) DESC,
  workflow_id, min(first_time), task_id, source_kind, agent_name
LIMIT $limit;
