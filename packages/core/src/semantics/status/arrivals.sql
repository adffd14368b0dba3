-- One row: when telemetry came last, and what about it is out of the ordinary since a time.
-- Marks of stages are our own, not telemetry.
WITH other_logs AS (
  FROM base.other_logs WHERE event_name IS DISTINCT FROM 'stage_mark'
),
recent AS (
  SELECT time, event_name, session_id, service_name, permission_mode
  FROM other_logs
  WHERE time >= $since
),
busy AS (
  SELECT session_id
  FROM recent
  WHERE session_id IS NOT NULL
  GROUP BY session_id
  HAVING count(*) FILTER (WHERE event_name = 'tool_result') > 0
    AND count(*) FILTER (WHERE event_name IN ('api_error', 'api_retries_exhausted')) = 0
)
SELECT
  (
    SELECT max(latest) FROM (
      SELECT max(time) AS latest FROM base.api_request_logs WHERE time <= $soon
      UNION ALL SELECT max(time) FROM other_logs WHERE time <= $soon
      UNION ALL SELECT max(time) FROM base.metric_points WHERE time <= $soon
    )
  ) AS last_time,
  (
    SELECT count(*) FROM busy
    WHERE session_id NOT IN (
      SELECT session_id FROM base.api_request_logs WHERE session_id IS NOT NULL
    )
  ) AS silent_sessions,
  (SELECT count(DISTINCT session_id) FROM recent WHERE permission_mode = 'auto')
    AS auto_sessions,
  (
    SELECT list(DISTINCT service_name ORDER BY service_name) FROM recent
    WHERE service_name NOT LIKE 'claude-code%'
  ) AS other_services,
  (SELECT count(*) FROM rejected_lines WHERE reason <> 'other-text') AS rejected_lines;
