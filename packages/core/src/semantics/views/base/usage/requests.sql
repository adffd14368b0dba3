-- One row per api_request event that counts: of the records of one request the first by base.repeats_since.
CREATE OR REPLACE VIEW base.requests AS
SELECT * EXCLUDE (request_key, repeated)
FROM base.api_request_logs
WHERE repeated IS NULL;
