-- One row per session with requests or other activity.
CREATE OR REPLACE VIEW sessions AS
SELECT
  session_id,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  (epoch_us(max(last_time)) - epoch_us(min(first_time))) / 1000000 AS wall_seconds,
  CAST(coalesce(sum(prompts), 0) AS BIGINT) AS prompts,
  CASE
    WHEN sum(entries) > sum(requests) AND sum(requests) > 0 THEN 'mixed'
    WHEN sum(entries) > sum(requests) THEN 'metrics'
    WHEN sum(entries) > 0 THEN 'events'
  END AS ledger,
  CASE
    WHEN sum(requests) = 0 AND sum(entries) > 0 THEN NULL
    ELSE CAST(coalesce(sum(requests), 0) AS BIGINT)
  END AS requests,
  TRY_CAST(coalesce(sum(input_tokens), 0) AS BIGINT) AS input_tokens,
  TRY_CAST(coalesce(sum(output_tokens), 0) AS BIGINT) AS output_tokens,
  TRY_CAST(coalesce(sum(cache_read_tokens), 0) AS BIGINT) AS cache_read_tokens,
  TRY_CAST(coalesce(sum(cache_creation_tokens), 0) AS BIGINT) AS cache_creation_tokens,
  TRY_CAST(
    coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0)
    + coalesce(sum(cache_read_tokens), 0) + coalesce(sum(cache_creation_tokens), 0) AS BIGINT
  ) AS total_tokens,
  coalesce(sum(cost_usd), 0) AS cost_usd,
  CAST(sum(cache_read_tokens) AS DOUBLE) / nullif(
    CAST(
      coalesce(sum(input_tokens), 0) + coalesce(sum(cache_read_tokens), 0)
      + coalesce(sum(cache_creation_tokens), 0) AS DOUBLE
    ),
    0
  ) AS cache_hit_rate,
  CAST(coalesce(sum(errors), 0) AS BIGINT) AS errors,
  CAST(coalesce(sum(tool_calls), 0) AS BIGINT) AS tool_calls,
  CAST(coalesce(sum(tool_failures), 0) AS BIGINT) AS tool_failures,
  coalesce(list_sort(list_distinct(flatten(list(models)))), []) AS models,
  CAST(coalesce(sum(unattributed_usd), 0) AS DOUBLE)
    / nullif(CAST(sum(cost_usd) AS DOUBLE), 0) AS unattributed_share
FROM base.session_totals(NULL, NULL, NULL, NULL, NULL, NULL)
GROUP BY session_id
HAVING sum(entries) > 0 OR sum(prompts) + sum(errors) + sum(tool_calls) > 0;
