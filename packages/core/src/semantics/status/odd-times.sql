-- One row: records with a time before the first that can be, and with one that is still to come.
-- Marks of stages are our own, not telemetry.
SELECT
  count(*) FILTER (WHERE time < $first) AS early,
  count(*) FILTER (WHERE time > $soon) AS late
FROM (
  SELECT time FROM base.api_request_logs
  UNION ALL
  SELECT time FROM base.other_logs WHERE event_name IS DISTINCT FROM 'stage_mark'
  UNION ALL
  SELECT time FROM base.metric_points
  UNION ALL
  SELECT time FROM base.spans
);
