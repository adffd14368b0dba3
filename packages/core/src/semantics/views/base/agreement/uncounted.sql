-- One row per session, metric of tokens or cost and reason for which points of it do not count, or not
-- for all that they may come to; canonical_metric where events hold the same.
CREATE OR REPLACE VIEW base.uncounted AS
WITH valueless AS (
  SELECT
    session_id,
    metric_name,
    CASE
      WHEN data_type = 'summary' THEN 'summary'
      WHEN data_type LIKE '%histogram' THEN 'histogram without a sum'
      ELSE 'no finite number'
    END AS reason,
    count(*) AS points,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(TRY_CAST(json_extract_string(distribution, '$.sum') AS DOUBLE)) AS value_sum,
    CAST(0 AS DOUBLE) AS counted_sum
  FROM base.metric_points
  WHERE counting IS NULL
    AND canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
    AND (value IS NULL OR NOT isfinite(value))
    AND (value IS NOT NULL OR data_type NOT IN ('sum', 'gauge'))
  GROUP BY ALL
),
unnamed AS (
  SELECT
    session_id,
    metric_name,
    'name not of Claude Code' AS reason,
    count(*) AS points,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(value) FILTER (isfinite(value)) AS value_sum,
    CAST(0 AS DOUBLE) AS counted_sum
  FROM base.metric_points
  WHERE canonical_metric IS NULL
    AND regexp_matches(metric_name, 'claude[^a-z0-9]?code.*(token|cost)', 'i')
  GROUP BY ALL
),
assumed AS (
  SELECT
    session_id,
    metric_name,
    'temporality not sent' AS reason,
    sum(points) AS points,
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    sum(value_sum) AS value_sum
  FROM (
    SELECT
      session_id,
      metric_name,
      count(*) AS points,
      min(time) AS first_time,
      max(time) AS last_time,
      sum(value) AS value_sum
    FROM base.counted_points
    WHERE counting = 'assumed'
      AND canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
    GROUP BY session_id, metric_name, series_id, start_time, start_time_nanos
  )
  GROUP BY session_id, metric_name
),
grown AS (
  SELECT session_id, metric_name, sum(increment) AS counted_sum
  FROM base.metric_increments
  WHERE counting = 'assumed'
  GROUP BY session_id, metric_name
),
repeated AS (
  SELECT
    session_id,
    metric_name,
    canonical_metric,
    'events hold the same' AS reason,
    count(*) AS points,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(increment) AS value_sum,
    CAST(0 AS DOUBLE) AS counted_sum
  FROM base.metric_usage
  WHERE in_events
  GROUP BY session_id, metric_name, canonical_metric
)
FROM valueless
UNION ALL BY NAME
FROM unnamed
UNION ALL BY NAME
SELECT assumed.*, grown.counted_sum
FROM assumed
JOIN grown
  ON grown.session_id IS NOT DISTINCT FROM assumed.session_id
  AND grown.metric_name = assumed.metric_name
WHERE assumed.value_sum > grown.counted_sum * (1 + 1e-9)
UNION ALL BY NAME
FROM repeated;
