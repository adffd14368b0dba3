-- One row per user with requests without a session id; the empty text where they have no user either.
SELECT DISTINCT coalesce(user_id, '') AS ledger
FROM base.api_request_logs
WHERE session_id IS NULL AND rowid >= $mark;
