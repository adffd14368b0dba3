-- One row per model, or model and stage, by the model's one name; the most expensive first.
WITH used AS (
  SELECT
    canonical_model AS model,
    CASE WHEN $by = 'stage' THEN coalesce(stage, '(none)') END AS part,
    base.usage_sums(
      requests, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
      cost_nano_usd, large_cost_usd
    ) AS sums,
    base.usd_of_sum(sum(CASE WHEN requests IS NOT NULL THEN cost_nano_usd END)) AS request_cost_usd,
    quantile_cont(duration_ms, [0.5, 0.95]) AS duration_quantiles
  FROM base.usage
  WHERE base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND base.of_model(canonical_model, $model)
  GROUP BY ALL
),
named AS (
  SELECT
    canonical_model AS model,
    CASE
      WHEN count(*) > 1 OR max(sent) <> canonical_model
        THEN array_to_string(list(sent ORDER BY sent)[1:3], ', ')
        || CASE WHEN count(*) > 3 THEN ' and ' || count(*) - 3 || ' more' ELSE '' END
    END AS names
  FROM (
    SELECT DISTINCT canonical_model, model AS sent
    FROM base.api_request_logs
    WHERE ($since IS NULL OR time >= $since)
      AND ($until IS NULL OR time < $until)
      AND ($session IS NULL OR session_id = $session)
  )
  GROUP BY canonical_model
)
SELECT
  coalesce(model, '(none)') AS model,
  * EXCLUDE (model, names, cost_per_request, duration_p50_ms, duration_p95_ms),
  CAST(cost_usd AS DOUBLE) / nullif(CAST(sum(cost_usd) OVER () AS DOUBLE), 0) AS cost_share,
  cost_per_request,
  duration_p50_ms,
  duration_p95_ms,
  names
FROM (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      used.model,
      used.part,
      base.usage_totals(used) AS sums,
      CAST(
        sum(used.request_cost_usd) / nullif(sum(used.requests - used.unpriced), 0) AS DECIMAL(38, 9)
      ) AS cost_per_request,
      any_value(used.duration_quantiles[1]) AS duration_p50_ms,
      any_value(used.duration_quantiles[2]) AS duration_p95_ms
    FROM (SELECT * EXCLUDE (sums), unnest(sums) FROM used) AS used
    GROUP BY used.model, used.part
  )
)
LEFT JOIN named USING (model)
ORDER BY cost_usd DESC, total_tokens DESC, model, part
LIMIT $limit;
