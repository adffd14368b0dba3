-- One row per session that has metrics and no api_request events; without a session id, per user.
-- As a list that is unnested the keys are known to be few, so that joins hash them, not the points.
CREATE OR REPLACE VIEW base.metric_ledgers AS
SELECT unnest(list(ledger_key)) AS ledger_key
FROM (
  SELECT DISTINCT coalesce(session_id, user_id, '') AS ledger_key
  FROM base.metric_points
) AS measured
ANTI JOIN (
  SELECT DISTINCT coalesce(session_id, user_id, '') AS ledger_key
  FROM base.api_request_logs
) AS told USING (ledger_key);
