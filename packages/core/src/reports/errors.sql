-- One row per kind of failure; the most frequent first.
SELECT
  event_name AS kind,
  coalesce(tool_name, canonical_model, '(none)') AS subject,
  status_code,
  coalesce(error_type, error) AS error,
  count(*) AS failures,
  count(DISTINCT session_id) AS sessions,
  min(time) AS first_time,
  max(time) AS last_time
FROM base.staged_logs
WHERE base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
  AND base.of_model(canonical_model, $model)
  AND (
    event_name IN ('api_error', 'api_refusal', 'internal_error')
    OR (event_name IN ('tool_result', 'compaction', 'mcp_server_connection') AND NOT success)
  )
GROUP BY ALL
ORDER BY failures DESC, last_time DESC
LIMIT $limit;
