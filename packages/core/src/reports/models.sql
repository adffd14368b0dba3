-- One row per model, or model and stage; the dearest first.
WITH used AS (
  SELECT
    model,
    CASE WHEN $by = 'stage' THEN coalesce(stage, '(none)') END AS part,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd,
    sum(cost_usd) FILTER (WHERE requests IS NOT NULL) AS request_cost_usd,
    quantile_cont(duration_ms, [0.5, 0.95]) AS duration_quantiles
  FROM base.usage
  WHERE ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND ($workflow IS NULL OR coalesce(workflow_id, '(none)') = $workflow)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($model IS NULL OR model = $model)
  GROUP BY ALL
)
SELECT
  coalesce(model, '(none)') AS model,
  part,
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
  CAST(sum(cost_usd) AS DOUBLE)
    / nullif(CAST((SELECT sum(cost_usd) FROM used) AS DOUBLE), 0) AS cost_share,
  CAST(sum(request_cost_usd) / nullif(sum(requests), 0) AS DECIMAL(38, 9)) AS cost_per_request,
  any_value(duration_quantiles[1]) AS duration_p50_ms,
  any_value(duration_quantiles[2]) AS duration_p95_ms
FROM used
GROUP BY model, part
ORDER BY cost_usd DESC, total_tokens DESC, model, part
LIMIT $limit;
