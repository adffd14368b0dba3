-- One row per log record besides api_request of which no more is told than its own tags.
CREATE OR REPLACE VIEW base.plain_logs AS
SELECT *, CAST(NULL AS VARCHAR) AS found
FROM base.other_logs
ANTI JOIN base.evidence USING (session_id);
