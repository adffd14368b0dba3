-- One row per prompt with an id, by a person or made by Claude Code.
CREATE OR REPLACE VIEW prompts AS
WITH spent AS (
  SELECT
    prompt_id,
    any_value(session_id) AS session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd,
    list(DISTINCT model) FILTER (WHERE model IS NOT NULL) AS models,
    sum(cost_usd) FILTER (WHERE stage IS NULL) AS unattributed_usd
  FROM base.usage
  WHERE prompt_id IS NOT NULL
  GROUP BY prompt_id
),
worked AS (
  SELECT
    prompt_id,
    any_value(session_id) AS session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    max(prompt_length) AS prompt_length,
    max(command_name) AS command_name,
    count(*) FILTER (WHERE event_name = 'user_prompt') AS prompts,
    count(*) FILTER (WHERE event_name = 'api_error') AS errors,
    count(*) FILTER (WHERE event_name = 'tool_result') AS tool_calls,
    count(*) FILTER (WHERE event_name = 'tool_result' AND NOT success) AS tool_failures
  FROM base.other_logs
  WHERE prompt_id IS NOT NULL
  GROUP BY prompt_id
),
told AS (
  FROM spent
  UNION ALL BY NAME
  FROM worked
)
SELECT
  any_value(session_id) AS session_id,
  prompt_id,
  max(prompt_length) AS prompt_length,
  max(command_name) AS command_name,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  (epoch_us(max(last_time)) - epoch_us(min(first_time))) / 1000000 AS wall_seconds,
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
FROM told
GROUP BY prompt_id;
