-- One row per key and model: what its usage comes to; and one per key of prompts, tools or errors.
-- A key is an expression over the columns of base.usage and of logs alike, `usage_key` and `log_key`
-- over those of the one or the other; `counts` says which records count, `began` when each began.
-- Prompts and tools have no model, so that none of them counts where a model was asked for.
-- A scan for each kind is faster than one scan that separates them.
CREATE OR REPLACE MACRO base.partial_totals(
  key_1, key_2, usage_key_1, usage_key_2, log_key, began, counts, only_model
) AS TABLE
WITH used AS (
  SELECT
    key_1 AS key_1,
    key_2 AS key_2,
    usage_key_1 AS usage_key_1,
    usage_key_2 AS usage_key_2,
    canonical_model AS model,
    min(began) AS first_time,
    max(time) AS last_time,
    count(*) AS entries,
    count(requests) AS requests,
    count(CASE WHEN cost_nano_usd IS NULL THEN requests END) AS unpriced,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    base.sum_cost(cost_nano_usd, large_cost_usd) AS cost_usd,
    base.sum_cost(
      CASE WHEN stage IS NULL THEN cost_nano_usd END, CASE WHEN stage IS NULL THEN large_cost_usd END
    ) AS unattributed_usd
  FROM base.usage
  WHERE counts
    AND base.of_model(canonical_model, only_model)
  GROUP BY ALL
),
prompted AS (
  SELECT
    key_1 AS key_1,
    key_2 AS key_2,
    log_key AS log_key,
    min(began) AS first_time,
    max(time) AS last_time,
    count(*) AS prompts
  FROM base.plain_logs
  WHERE event_name = 'user_prompt'
    AND counts
    AND only_model IS NULL
  GROUP BY ALL
),
worked AS (
  SELECT
    key_1 AS key_1,
    key_2 AS key_2,
    log_key AS log_key,
    min(began) AS first_time,
    max(time) AS last_time,
    count(*) AS tool_calls,
    count(*) FILTER (WHERE NOT success) AS tool_failures
  FROM base.plain_logs
  WHERE event_name = 'tool_result'
    AND counts
    AND only_model IS NULL
  GROUP BY ALL
),
failed AS (
  SELECT
    key_1 AS key_1,
    key_2 AS key_2,
    log_key AS log_key,
    min(began) AS first_time,
    max(time) AS last_time,
    count(*) AS errors
  FROM base.plain_logs
  WHERE event_name = 'api_error'
    AND counts
    AND base.of_model(canonical_model, only_model)
  GROUP BY ALL
),
found_logged AS (
  SELECT
    key_1 AS key_1,
    key_2 AS key_2,
    log_key AS log_key,
    min(began) AS first_time,
    max(time) AS last_time,
    count(*) FILTER (WHERE event_name = 'user_prompt') AS prompts,
    count(*) FILTER (WHERE event_name = 'tool_result') AS tool_calls,
    count(*) FILTER (WHERE event_name = 'tool_result' AND NOT success) AS tool_failures,
    count(*) FILTER (WHERE event_name = 'api_error') AS errors
  FROM base.found_logs
  WHERE event_name IN ('user_prompt', 'tool_result', 'api_error')
    AND counts
    AND (only_model IS NULL OR (event_name = 'api_error' AND base.of_model(canonical_model, only_model)))
  GROUP BY ALL
)
FROM used
UNION ALL BY NAME
FROM prompted
UNION ALL BY NAME
FROM worked
UNION ALL BY NAME
FROM failed
UNION ALL BY NAME
FROM found_logged;
