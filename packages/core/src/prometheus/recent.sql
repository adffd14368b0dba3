-- One row per user and span of time up to now: what was spent within it, by when it was spent. Alerts look
-- at these: totals grow by old records as well, when they are imported.
WITH spans(span, since) AS (
  VALUES
    ('1h', CAST($now AS TIMESTAMPTZ) - INTERVAL 1 HOUR),
    ('1d', CAST($now AS TIMESTAMPTZ) - INTERVAL 24 HOURS),
    ('7d', CAST($now AS TIMESTAMPTZ) - INTERVAL 168 HOURS)
),
used AS (
  SELECT
    time,
    coalesce(user_email, user_id) AS user,
    stage,
    requests,
    cost_nano_usd,
    large_cost_usd
  FROM base.usage
  WHERE time >= CAST($now AS TIMESTAMPTZ) - INTERVAL 168 HOURS
    AND time <= $now
),
failed AS (
  SELECT time, coalesce(user_email, user_id) AS user
  FROM base.staged_logs
  WHERE event_name = 'api_error'
    AND time >= CAST($now AS TIMESTAMPTZ) - INTERVAL 168 HOURS
    AND time <= $now
)
SELECT
  span,
  user,
  min(time) AS first_time,
  max(time) AS last_time,
  count(requests) AS requests,
  base.sum_cost(cost_nano_usd, large_cost_usd) AS cost_usd,
  base.sum_cost(
    CASE WHEN stage IS NULL THEN cost_nano_usd END, CASE WHEN stage IS NULL THEN large_cost_usd END
  ) AS unattributed_usd,
  count(failed) AS errors
FROM (
  SELECT *, CAST(NULL AS BOOLEAN) AS failed FROM used
  UNION ALL BY NAME
  SELECT *, true AS failed FROM failed
)
JOIN spans ON time >= since
GROUP BY span, user;
