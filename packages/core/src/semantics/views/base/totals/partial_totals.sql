-- One row per key and model: what its usage comes to; and one per key of prompts, tools or errors.
-- A key is an expression over the columns of base.usage and of logs alike, `usage_key` and `log_key`
-- over those of the one or the other; `counts` says which records count, `began` when each began.
-- Prompts and tools have no model, so that none of them counts where a model was asked for.
-- A scan for each kind is faster than one scan that separates them.
CREATE OR REPLACE MACRO base.partial_totals(
  key_1, key_2, usage_key_1, usage_key_2, log_key, began, counts, only_model
) AS TABLE
WITH used(key_1, key_2, usage_key_1, usage_key_2, model, first_time, last_time, unattributed_usd, sums) AS (
  SELECT
    key_1, key_2, usage_key_1, usage_key_2, canonical_model, min(began), max(time),
    base.sum_cost(
      CASE WHEN stage IS NULL THEN cost_nano_usd END, CASE WHEN stage IS NULL THEN large_cost_usd END
    ),
    base.usage_sums(
      requests, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
      cost_nano_usd, large_cost_usd
    )
  FROM base.usage
  WHERE counts AND base.of_model(canonical_model, only_model)
  GROUP BY ALL
),
prompted(key_1, key_2, log_key, first_time, last_time, prompts) AS (
  SELECT key_1, key_2, log_key, min(began), max(time), count(*)
  FROM base.plain_logs
  WHERE event_name = 'user_prompt' AND counts AND only_model IS NULL
  GROUP BY ALL
),
worked(key_1, key_2, log_key, first_time, last_time, tool_calls, tool_failures) AS (
  SELECT key_1, key_2, log_key, min(began), max(time), count(*), count(*) FILTER (WHERE NOT success)
  FROM base.plain_logs
  WHERE event_name = 'tool_result' AND counts AND only_model IS NULL
  GROUP BY ALL
),
failed(key_1, key_2, log_key, first_time, last_time, errors) AS (
  SELECT key_1, key_2, log_key, min(began), max(time), count(*)
  FROM base.plain_logs
  WHERE event_name = 'api_error' AND counts AND base.of_model(canonical_model, only_model)
  GROUP BY ALL
),
found_logged(
  key_1, key_2, log_key, first_time, last_time, prompts, tool_calls, tool_failures, errors
) AS (
  SELECT
    key_1, key_2, log_key, min(began), max(time),
    count(*) FILTER (WHERE event_name = 'user_prompt'),
    count(*) FILTER (WHERE event_name = 'tool_result'),
    count(*) FILTER (WHERE event_name = 'tool_result' AND NOT success),
    count(*) FILTER (WHERE event_name = 'api_error')
  FROM base.found_logs
  WHERE event_name IN ('user_prompt', 'tool_result', 'api_error') AND counts
    AND (only_model IS NULL OR (event_name = 'api_error' AND base.of_model(canonical_model, only_model)))
  GROUP BY ALL
)
SELECT * EXCLUDE (sums), unnest(sums) FROM used
UNION ALL BY NAME FROM prompted
UNION ALL BY NAME FROM worked
UNION ALL BY NAME FROM failed
UNION ALL BY NAME FROM found_logged;
