-- One row per quarter of an hour and kind of api_request before a time: their sums. Taken are the new
-- ones of these sessions, or of none, and all of sessions that are taken whole; but for those whose
-- stage marks or traces may name.
WITH chosen AS (
  FROM base.api_request_logs
  WHERE rowid >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
  UNION ALL
  FROM base.api_request_logs
  WHERE rowid >= $mark AND time < $detailed AND time >= $since AND session_id IS NULL
  UNION ALL
  FROM base.api_request_logs
  WHERE rowid < $mark AND session_id IN (SELECT unnest($whole))
),
counted AS (
  SELECT
    *,
    source_kind AS source,
    CAST(coalesce(input_tokens, 0) AS HUGEINT) + coalesce(cache_read_tokens, 0)
      + coalesce(cache_creation_tokens, 0) AS context,
    epoch_us(base.began(time, duration_ms)) AS began
  FROM chosen
  WHERE repeated IS NULL
    AND (stage IS NOT NULL OR session_id IS NULL OR session_id NOT IN (SELECT session_id FROM base.evidence))
)
SELECT
  session_id,
  workflow_id,
  stage,
  task_id,
  agent,
  canonical_model,
  source,
  epoch_us(min(time)) AS first,
  epoch_us(max(time)) AS last,
  count(*) AS count,
  CAST(coalesce(sum(input_tokens), 0) AS VARCHAR) AS input_tokens,
  CAST(coalesce(sum(output_tokens), 0) AS VARCHAR) AS output_tokens,
  CAST(coalesce(sum(cache_read_tokens), 0) AS VARCHAR) AS cache_read_tokens,
  CAST(coalesce(sum(cache_creation_tokens), 0) AS VARCHAR) AS cache_creation_tokens,
  count(cost_nano_usd) AS priced,
  CAST(coalesce(sum(cost_nano_usd), 0) AS VARCHAR) AS cost_nano_usd,
  CAST(max(row(time, context))[2] AS VARCHAR) AS context,
  agent_id,
  min(began) AS first_began,
  agent_name,
  max(row(time, began, coalesce(prompt_id, ''))) AS last_one,
  last_one[2] AS last_began,
  nullif(last_one[3], '') AS last_prompt_id,
  epoch_us(max(time) FILTER (WHERE prompt_id IS NOT NULL)) AS prompt_time,
  max(row(time, prompt_id)) FILTER (WHERE prompt_id IS NOT NULL)[2] AS prompt_id
FROM counted
GROUP BY
  session_id, workflow_id, stage, task_id, agent, canonical_model, source, agent_id, agent_name,
  epoch_us(time) // 900000000;
