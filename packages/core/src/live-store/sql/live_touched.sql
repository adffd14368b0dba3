-- One row per session with new rows; active where one of them is not older than a time.
SELECT session_id, max(time) >= $since AS active
FROM (
  SELECT session_id, time FROM base.api_request_logs WHERE rowid >= $requests AND repeated IS NULL
  UNION ALL
  SELECT session_id, time FROM base.other_logs WHERE rowid >= $others
  UNION ALL
  SELECT session_id, time
  FROM base.metric_points
  WHERE rowid >= $points
    AND canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
)
GROUP BY session_id;
