-- One row per session: its usage by events against its usage by metrics, and what may be wrong.
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
measured AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    any_value(service_version) AS service_version,
    sum(increment) FILTER (WHERE metric_name = 'claude_code.token.usage') AS metric_tokens,
    sum(increment) FILTER (WHERE type = 'input') AS metric_input_tokens,
    sum(increment) FILTER (WHERE type = 'output') AS metric_output_tokens,
    sum(increment) FILTER (WHERE type IN ('cacheRead', 'cache_read'))
      AS metric_cache_read_tokens,
    sum(increment) FILTER (WHERE type IN ('cacheCreation', 'cache_creation'))
      AS metric_cache_creation_tokens,
    sum(increment) FILTER (WHERE metric_name = 'claude_code.cost.usage') AS metric_cost_usd
  FROM base.metric_increments
  GROUP BY session_id
  HAVING metric_tokens IS NOT NULL OR metric_cost_usd IS NOT NULL
),
numbered AS (
  SELECT
    session_id,
    greatest(0, max(event_sequence) - min(event_sequence) + 1 - count(event_sequence))
      AS missing_events
  FROM (
    SELECT session_id, event_sequence FROM base.api_request_logs
    UNION ALL
    SELECT session_id, event_sequence FROM base.other_logs
  )
  GROUP BY session_id
),
joined AS (
  SELECT
    session_id,
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    any_value(service_version) AS service_version,
    base.total(requests) AS requests,
    base.total(empty_requests) AS empty_requests,
    base.total(event_input_tokens) AS event_input_tokens,
    base.total(event_output_tokens) AS event_output_tokens,
    base.total(event_cache_read_tokens) AS event_cache_read_tokens,
    base.total(event_cache_creation_tokens) AS event_cache_creation_tokens,
    base.all_tokens(
      event_input_tokens, event_output_tokens,
      event_cache_read_tokens, event_cache_creation_tokens
    ) AS event_tokens,
    coalesce(sum(event_cost_usd), 0) AS event_cost_usd,
    count(metric_tokens) > 0 AS has_metrics,
    base.total(metric_input_tokens) AS metric_input_tokens,
    base.total(metric_output_tokens) AS metric_output_tokens,
    base.total(metric_cache_read_tokens) AS metric_cache_read_tokens,
    base.total(metric_cache_creation_tokens) AS metric_cache_creation_tokens,
    base.total(metric_tokens) AS metric_tokens,
    coalesce(TRY_CAST(sum(metric_cost_usd) AS DECIMAL(38, 9)), 0) AS metric_cost_usd
  FROM (FROM told UNION ALL BY NAME FROM measured)
  GROUP BY session_id
),
counted AS (
  SELECT joined.*, numbered.missing_events
  FROM joined
  LEFT JOIN numbered ON joined.session_id IS NOT DISTINCT FROM numbered.session_id
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
  event_tokens,
  event_cost_usd,
  metric_input_tokens,
  metric_output_tokens,
  metric_cache_read_tokens,
  metric_cache_creation_tokens,
  metric_tokens,
  metric_cost_usd,
  TRY(metric_tokens - event_tokens) AS token_difference,
  metric_cost_usd - event_cost_usd AS cost_difference_usd,
  missing_events,
  coalesce(
    requests > 0 AND has_metrics AND metric_tokens = event_tokens
    AND coalesce(missing_events, 0) = 0,
    false
  ) AS agrees,
  CASE
    WHEN requests = 0 THEN 'no events'
    WHEN empty_requests > 0 THEN 'requests without usage'
    WHEN NOT has_metrics THEN 'no metrics'
    WHEN metric_tokens = event_tokens AND coalesce(missing_events, 0) = 0 THEN NULL
    WHEN metric_tokens = event_tokens THEN 'events lost'
    WHEN abs(metric_cost_usd - event_cost_usd) <= 0.000001 THEN 'broken attempt'
    WHEN metric_tokens > event_tokens THEN 'events lost'
    ELSE 'metrics late or lost'
  END AS likely_cause,
  base.defects_of(service_version) AS known_defects
FROM counted;
