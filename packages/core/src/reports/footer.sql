-- One row: what stands below a report.
WITH told AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0)
      + coalesce(sum(cache_read_tokens), 0) + coalesce(sum(cache_creation_tokens), 0)
      AS event_tokens,
    sum(coalesce(cost_usd, TRY_CAST(cost_usd_micros * 0.000001 AS DECIMAL(18, 9))))
      AS event_cost_usd
  FROM base.api_request_logs
  WHERE $session IS NULL OR session_id = $session
  GROUP BY session_id
),
measured AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(increment) FILTER (WHERE metric_name = 'claude_code.token.usage') AS metric_tokens,
    sum(increment) FILTER (WHERE metric_name = 'claude_code.cost.usage') AS metric_cost_usd
  FROM base.metric_increments
  WHERE $session IS NULL OR session_id = $session
  GROUP BY session_id
  HAVING metric_tokens IS NOT NULL OR metric_cost_usd IS NOT NULL
),
compared AS (
  SELECT
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    sum(event_tokens) = sum(metric_tokens)
      AND abs(CAST(sum(event_cost_usd) AS DOUBLE) - sum(metric_cost_usd)) <= 0.000001 AS agrees
  FROM (FROM told UNION ALL BY NAME FROM measured)
  GROUP BY session_id
)
SELECT
  greatest(min(first_time), $since) AS first_time,
  least(max(last_time), $until) AS last_time,
  count(*) AS sessions,
  count(*) FILTER (WHERE agrees) AS agreeing,
  (SELECT count(*) FROM rejected_lines) AS rejected_lines
FROM compared
WHERE ($since IS NULL OR last_time >= $since)
  AND ($until IS NULL OR first_time < $until);
