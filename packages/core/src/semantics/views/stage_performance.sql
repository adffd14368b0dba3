-- One row per stage and agent: what one workflow's run of the stage comes to on average.
CREATE OR REPLACE VIEW stage_performance AS
WITH runs AS (
  SELECT
    stage,
    agent,
    workflow_id,
    sum(cost_usd) AS cost_usd,
    (epoch_us(max(last_time)) - epoch_us(min(first_time))) / 1000 AS duration_ms,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(unpriced_requests) AS unpriced_requests
  FROM tasks
  WHERE stage IS NOT NULL
  GROUP BY stage, agent, workflow_id
)
SELECT
  stage,
  agent,
  count(*) AS workflow_count,
  CAST(avg(cost_usd) AS DECIMAL(38, 9)) AS avg_cost,
  avg(duration_ms) AS avg_duration_ms,
  avg(input_tokens + output_tokens) AS avg_tokens,
  CAST(sum(cache_read_tokens) AS DOUBLE) / nullif(
    CAST(sum(input_tokens) + sum(cache_read_tokens) + sum(cache_creation_tokens) AS DOUBLE),
    0
  ) AS cache_hit_rate,
  CAST(sum(unpriced_requests) AS BIGINT) AS unpriced_requests
FROM runs
GROUP BY stage, agent;
