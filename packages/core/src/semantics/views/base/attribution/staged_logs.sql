-- One row per log record other than api_request, with the stage that was found for it, and how.
CREATE OR REPLACE VIEW base.staged_logs AS
FROM base.plain_logs
UNION ALL BY NAME
FROM base.found_logs;
