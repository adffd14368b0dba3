-- One row per prompt with an id, by a person or made by Claude Code.
CREATE OR REPLACE VIEW prompts AS
WITH spent AS (
  SELECT
    prompt_id,
    model,
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
    sum(cost_usd) FILTER (WHERE stage IS NULL) AS unattributed_usd
  FROM base.usage
  WHERE prompt_id IS NOT NULL
  GROUP BY prompt_id, model
),
prompted AS (
  SELECT
    prompt_id,
    any_value(session_id) AS session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    max(prompt_length) AS prompt_length,
    max(command_name) AS command_name
  FROM base.other_logs
  WHERE event_name = 'user_prompt'
    AND prompt_id IS NOT NULL
  GROUP BY prompt_id
),
worked AS (
  SELECT
    prompt_id,
    any_value(session_id) AS session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS tool_calls,
    count(*) FILTER (WHERE NOT success) AS tool_failures
  FROM base.other_logs
  WHERE event_name = 'tool_result'
    AND prompt_id IS NOT NULL
  GROUP BY prompt_id
),
failed AS (
  SELECT
    prompt_id,
    any_value(session_id) AS session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS errors
  FROM base.other_logs
  WHERE event_name = 'api_error'
    AND prompt_id IS NOT NULL
  GROUP BY prompt_id
),
told AS (
  FROM spent
  UNION ALL BY NAME
  FROM prompted
  UNION ALL BY NAME
  FROM worked
  UNION ALL BY NAME
  FROM failed
)
SELECT
  any_value(session_id) AS session_id,
  prompt_id,
  max(prompt_length) AS prompt_length,
  max(command_name) AS command_name,
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
  base.sorted(model) AS models,
  base.share(unattributed_usd, cost_usd) AS unattributed_share
FROM told
GROUP BY prompt_id;
