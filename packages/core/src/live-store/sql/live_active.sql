-- One row per session with a record since a time; NULL where records have no session id.
SELECT session_id FROM base.api_request_logs WHERE time >= $since AND repeated IS NULL
UNION
SELECT session_id FROM base.other_logs WHERE time >= $since
UNION
SELECT session_id
FROM base.metric_points
WHERE time >= $since
  AND canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage');
