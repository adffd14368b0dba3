-- One row per session whose id begins with the given text; no more than a few. A mark alone makes no
-- session: it may name one that never was.
SELECT DISTINCT session_id
FROM (
  SELECT session_id FROM base.api_request_logs WHERE starts_with(session_id, $prefix)
  UNION ALL
  SELECT session_id FROM base.other_logs
  WHERE starts_with(session_id, $prefix) AND event_name IS DISTINCT FROM 'stage_mark'
  UNION ALL
  SELECT session_id FROM base.metric_points WHERE starts_with(session_id, $prefix)
)
ORDER BY session_id
LIMIT 5;
