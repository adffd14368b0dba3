-- One row per increment of a counter: deltas as they are, cumulative values as differences. Values of
-- a kind that was not sent count as cumulative ones that restart when they fall.
-- Integers are compared as integers: beyond 2^53 two of them may be the same double.
CREATE OR REPLACE VIEW base.metric_increments AS
SELECT
  *,
  value AS increment,
  value_int AS increment_int
FROM base.counted_points
WHERE counting = 'delta'
UNION ALL BY NAME
SELECT
  * EXCLUDE (start_time, previous, previous_int, previous_time, begins),
  coalesce(previous_time, start_time) AS start_time,
  CASE WHEN begins THEN value ELSE value - previous END AS increment,
  CASE
    WHEN begins THEN value_int
    ELSE TRY_CAST(CAST(value_int AS HUGEINT) - previous_int AS BIGINT)
  END AS increment_int
FROM (
  SELECT
    *,
    lag(value) OVER series AS previous,
    lag(value_int) OVER series AS previous_int,
    lag(time) OVER series AS previous_time,
    previous IS NULL
    OR (
      (counting = 'assumed' OR coalesce(is_monotonic, true))
      AND coalesce(value_int < previous_int, value < previous)
    ) AS begins
  FROM base.counted_points
  WHERE counting IN ('cumulative', 'assumed')
  WINDOW series AS (
    PARTITION BY metric_name, series_id, start_time, start_time_nanos
    ORDER BY time, time_nanos, value, value_int
  )
)
WHERE coalesce(previous_int <> value_int, previous IS DISTINCT FROM value);
