-- One row per session: its requests by events against its metrics, and what may explain a difference.
CREATE OR REPLACE VIEW coverage AS
WITH told AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    any_value(service_version) AS service_version,
    count(*) AS requests,
    count(*) FILTER (
      WHERE input_tokens = 0 AND output_tokens = 0 AND cache_read_tokens = 0
    ) AS empty_requests,
    sum(input_tokens) AS event_input_tokens,
    sum(output_tokens) AS event_output_tokens,
    sum(cache_read_tokens) AS event_cache_read_tokens,
    sum(cache_creation_tokens) AS event_cache_creation_tokens,
    sum(coalesce(cost_usd, TRY_CAST(cost_usd_micros * 0.000001 AS DECIMAL(18, 9))))
      AS event_cost_usd
  FROM base.api_request_logs
  GROUP BY session_id
),
typed AS (
  SELECT
    session_id,
    metric_name,
    type,
    min(time) AS first_time,
    max(time) AS last_time,
    any_value(service_version) AS service_version,
    count(*) AS points,
    sum(increment) AS value
  FROM base.metric_increments
  WHERE metric_name IN ('claude_code.token.usage', 'claude_code.cost.usage')
  GROUP BY session_id, metric_name, type
),
measured AS (
  SELECT
    session_id,
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    any_value(service_version) AS service_version,
    sum(points) AS points,
    sum(value) FILTER (WHERE type = 'input') AS metric_input_tokens,
    sum(value) FILTER (WHERE type = 'output') AS metric_output_tokens,
    sum(value) FILTER (WHERE type IN ('cacheRead', 'cache_read')) AS metric_cache_read_tokens,
    sum(value) FILTER (WHERE type IN ('cacheCreation', 'cache_creation'))
      AS metric_cache_creation_tokens,
    TRY_CAST(
      sum(value) FILTER (WHERE metric_name = 'claude_code.cost.usage') AS DECIMAL(38, 9)
    ) AS metric_cost_usd
  FROM typed
  GROUP BY session_id
),
joined AS (
  SELECT
    session_id,
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    any_value(service_version) AS service_version,
    CAST(coalesce(sum(requests), 0) AS BIGINT) AS requests,
    CAST(coalesce(sum(empty_requests), 0) AS BIGINT) AS empty_requests,
    coalesce(sum(points), 0) AS points,
    TRY_CAST(coalesce(sum(event_input_tokens), 0) AS BIGINT) AS event_input_tokens,
    TRY_CAST(coalesce(sum(event_output_tokens), 0) AS BIGINT) AS event_output_tokens,
    TRY_CAST(coalesce(sum(event_cache_read_tokens), 0) AS BIGINT) AS event_cache_read_tokens,
    TRY_CAST(coalesce(sum(event_cache_creation_tokens), 0) AS BIGINT)
      AS event_cache_creation_tokens,
    coalesce(sum(event_cost_usd), 0) AS event_cost_usd,
    TRY_CAST(coalesce(sum(metric_input_tokens), 0) AS BIGINT) AS metric_input_tokens,
    TRY_CAST(coalesce(sum(metric_output_tokens), 0) AS BIGINT) AS metric_output_tokens,
    TRY_CAST(coalesce(sum(metric_cache_read_tokens), 0) AS BIGINT) AS metric_cache_read_tokens,
    TRY_CAST(coalesce(sum(metric_cache_creation_tokens), 0) AS BIGINT)
      AS metric_cache_creation_tokens,
    coalesce(sum(metric_cost_usd), 0) AS metric_cost_usd
  FROM (FROM told UNION ALL BY NAME FROM measured)
  GROUP BY session_id
),
compared AS (
  SELECT
    *,
    CAST(metric_input_tokens AS HUGEINT) + metric_output_tokens
      + metric_cache_read_tokens + metric_cache_creation_tokens AS metric_tokens,
    CAST(event_input_tokens AS HUGEINT) + event_output_tokens
      + event_cache_read_tokens + event_cache_creation_tokens AS event_tokens,
    requests > 0 AND points > 0 AND metric_tokens = event_tokens AS same_tokens,
    abs(metric_cost_usd - event_cost_usd) <= 0.000001 AS same_cost
  FROM joined
)
SELECT
  session_id,
  first_time,
  last_time,
  service_version,
  requests,
  empty_requests,
  event_input_tokens,
  event_output_tokens,
  event_cache_read_tokens,
  event_cache_creation_tokens,
  event_cost_usd,
  metric_input_tokens,
  metric_output_tokens,
  metric_cache_read_tokens,
  metric_cache_creation_tokens,
  metric_cost_usd,
  TRY_CAST(metric_tokens - event_tokens AS BIGINT) AS token_difference,
  metric_cost_usd - event_cost_usd AS cost_difference_usd,
  coalesce(same_tokens AND same_cost, false) AS agrees,
  CASE
    WHEN requests = 0 THEN 'no events'
    WHEN empty_requests > 0 THEN 'requests without usage'
    WHEN points = 0 THEN 'no metrics'
    WHEN same_tokens AND same_cost THEN NULL
    WHEN same_cost THEN 'broken attempt'
    WHEN metric_tokens > event_tokens THEN 'events lost'
    ELSE 'metrics late or lost'
  END AS likely_cause
FROM compared;
