-- One row: what stands below a report.
WITH requested AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS requests,
    count(*) - count(cost_nano_usd) AS unpriced,
    base.all_tokens(input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
      AS event_tokens,
    base.usd_of_sum(sum(cost_nano_usd)) AS event_cost_usd
  FROM base.requests
  WHERE $session IS NULL OR session_id = $session
  GROUP BY session_id
),
measured AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(
      CASE
        WHEN canonical_metric = 'claude_code.token.usage' THEN base.tokens_of(increment_int, increment)
      END
    ) AS metric_tokens,
    sum(CASE WHEN canonical_metric = 'claude_code.cost.usage' THEN increment END) AS metric_cost_usd
  FROM base.metric_increments
  WHERE canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
    AND ($session IS NULL OR session_id = $session)
  GROUP BY session_id
),
compared AS (
  SELECT
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    base.counted(requests) AS requests,
    base.counted(unpriced) AS unpriced,
    count(metric_tokens) > 0 AS has_tokens,
    count(metric_tokens) > 0 OR count(metric_cost_usd) > 0 AS has_metrics,
    base.total(event_tokens) = base.total(metric_tokens) AS tokens_agree,
    base.same_cost(sum(metric_cost_usd), base.known_cost(requests, event_cost_usd), sum(requests))
      AS costs_agree
  FROM (FROM requested UNION ALL BY NAME FROM measured)
  GROUP BY session_id
)
SELECT
  greatest(min(first_time), $since) AS first_time,
  least(max(last_time), $until) AS last_time,
  count(*) AS sessions,
  count(*) FILTER (
    WHERE requests > 0 AND has_tokens AND unpriced = 0 AND tokens_agree AND costs_agree
  ) AS agreeing,
  count(*) FILTER (WHERE NOT has_metrics) AS without_metrics,
  count(*) FILTER (WHERE requests = 0) AS without_events,
  base.counted(unpriced) AS unpriced_requests,
  (SELECT count(*) FROM rejected_lines WHERE reason <> 'other-text') AS rejected_lines
FROM compared
WHERE ($since IS NULL OR last_time >= $since)
  AND ($until IS NULL OR first_time < $until);
