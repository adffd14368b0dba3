-- One row per part of the usage that was asked for; one row where none was.
WITH looked_up AS MATERIALIZED (
  FROM base.found_logs
  WHERE event_name IN ('tool_result', 'api_error')
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
),
logs AS NOT MATERIALIZED (
  SELECT *, CAST(NULL AS VARCHAR) AS found
  FROM base.plain_logs
  UNION ALL BY NAME
  FROM looked_up
),
used AS (
  FROM base.quarter_totals($by, $since, $until, $session, $workflow, $stage, $model)
),
seen AS (
  SELECT count(DISTINCT session_id) AS sessions
  FROM base.usage
  WHERE ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND ($workflow IS NULL OR coalesce(workflow_id, '(none)') = $workflow)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($model IS NULL OR model = $model)
),
failed AS (
  SELECT count(*) AS errors
  FROM logs
  WHERE event_name = 'api_error'
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND ($workflow IS NULL OR coalesce(workflow_id, '(none)') = $workflow)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($model IS NULL OR model = $model)
),
worked AS (
  SELECT
    count(*) AS tool_calls,
    count(*) FILTER (WHERE NOT success) AS tool_failures
  FROM logs
  WHERE event_name = 'tool_result'
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND ($workflow IS NULL OR coalesce(workflow_id, '(none)') = $workflow)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
)
SELECT
  CASE WHEN $by IS NOT NULL THEN coalesce(part, '(none)') END AS part,
  CASE WHEN $by IS NULL THEN (SELECT sessions FROM seen) END AS sessions,
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
  CAST(coalesce(sum(cost_usd), 0) AS DOUBLE)
    / nullif(CAST((SELECT sum(cost_usd) FROM used) AS DOUBLE), 0) AS cost_share,
  CASE WHEN $by IS NULL THEN (SELECT errors FROM failed) END AS errors,
  CASE WHEN $by IS NULL AND $model IS NULL THEN (SELECT tool_calls FROM worked) END AS tool_calls,
  CASE WHEN $by IS NULL AND $model IS NULL THEN (SELECT tool_failures FROM worked) END
    AS tool_failures
FROM used
GROUP BY part
ORDER BY cost_usd DESC, total_tokens DESC, part
LIMIT $limit;
