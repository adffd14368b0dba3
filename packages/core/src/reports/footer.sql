-- One row: what stands below a report.
WITH told AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    coalesce(sum(input_tokens), 0) + coalesce(sum(output_tokens), 0)
      + coalesce(sum(cache_read_tokens), 0) + coalesce(sum(cache_creation_tokens), 0)
      AS event_tokens
  FROM base.requests
  WHERE $session IS NULL OR session_id = $session
  GROUP BY session_id
),
measured AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(increment) AS metric_tokens
  FROM base.metric_increments
  WHERE canonical_metric = 'claude_code.token.usage'
    AND ($session IS NULL OR session_id = $session)
  GROUP BY session_id
),
compared AS (
  SELECT
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    sum(event_tokens) = sum(metric_tokens) AS agrees
  FROM (FROM told UNION ALL BY NAME FROM measured)
  GROUP BY session_id
)
SELECT
  greatest(min(first_time), $since) AS first_time,
  least(max(last_time), $until) AS last_time,
  count(*) AS sessions,
  count(*) FILTER (WHERE agrees) AS agreeing,
  (SELECT count(*) FROM rejected_lines WHERE reason <> 'other-text') AS rejected_lines
FROM compared
WHERE ($since IS NULL OR last_time >= $since)
  AND ($until IS NULL OR first_time < $until);
