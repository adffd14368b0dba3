-- One row per log record other than api_request that has only its own tags.
CREATE OR REPLACE VIEW base.plain_logs AS
SELECT *, CAST(NULL AS VARCHAR) AS found
FROM base.other_logs
ANTI JOIN base.evidence USING (session_id);
