-- One row: the requests of a report without a price, and what the list price or the metrics make of them.
-- Metrics do not separate requests, so they are compared only for whole sessions.
WITH lacking AS (
  SELECT session_id, list_cost_usd
  FROM list_costs
  WHERE cost_usd IS NULL
    AND base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
    AND ($prompt IS NULL OR starts_with(coalesce(prompt_id, '(none)'), $prompt))
    AND base.of_model(price_model, $model)
),
known AS (
  SELECT base.usd_of_sum(sum(cost_nano_usd)) AS cost_usd
  FROM base.requests
  WHERE session_id IN (SELECT session_id FROM lacking)
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
),
measured AS (
  SELECT TRY_CAST(sum(increment) AS DECIMAL(38, 9)) AS cost_usd
  FROM base.metric_increments
  WHERE canonical_metric = 'claude_code.cost.usage'
    AND session_id IN (SELECT session_id FROM lacking)
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND $workflow IS NULL
    AND $stage IS NULL
    AND $task IS NULL
    AND $agent IS NULL
    AND $prompt IS NULL
    AND $model IS NULL
)
SELECT
  count(*) AS requests,
  count(list_cost_usd) AS listed_requests,
  sum(list_cost_usd) AS list_cost_usd,
  (SELECT cost_usd FROM measured) - coalesce((SELECT cost_usd FROM known), 0) AS metric_cost_usd
FROM lacking;
