-- One row per prompt of a session, in their order; what has no prompt is the last row.
WITH steps AS (
  SELECT
    *,
    CASE WHEN requests IS NOT NULL AND cost_usd IS NULL THEN 1 END AS unpriced
  FROM base.steps($session)
  WHERE ($since IS NULL OR time >= $since) AND ($until IS NULL OR time < $until)
)
SELECT
  * EXCLUDE (sums, errors, tool_calls, tool_failures, subagents, models),
  unnest(sums),
  errors, tool_calls, tool_failures, subagents,
  array_to_string(models, ', ') AS models
FROM (
  SELECT
    taken.prompt,
    coalesce(taken.prompt_id, '(none)') AS prompt_id,
    max(taken.command_name) AS command_name,
    max(taken.prompt_length) AS prompt_length,
    array_to_string(base.sorted(taken.stage), ', ') AS stages,
    min(taken.start_time) AS first_time,
    max(taken.time) AS last_time,
    base.wall_seconds(taken.start_time, taken.time) AS wall_seconds,
    base.usage_totals(taken) AS sums,
    count(*) FILTER (WHERE taken.step = 'error') AS errors,
    count(*) FILTER (WHERE taken.step = 'tool') AS tool_calls,
    count(*) FILTER (WHERE taken.step = 'tool' AND taken.outcome = 'failed') AS tool_failures,
    count(*) FILTER (WHERE taken.step = 'subagent') AS subagents,
    base.sorted(taken.canonical_model) AS models
  FROM steps AS taken
  GROUP BY taken.prompt, taken.prompt_id
)
ORDER BY prompt NULLS LAST
LIMIT $limit;
