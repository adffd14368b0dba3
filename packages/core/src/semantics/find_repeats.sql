-- One row: whether a new request may have been recorded more than once. Reads four bytes a record.
SELECT
  count(*) > (SELECT count(DISTINCT request_key) FROM base.api_request_logs WHERE rowid >= $first)
    AS found
FROM base.api_request_logs
WHERE request_key IN (SELECT request_key FROM base.api_request_logs WHERE rowid >= $first);
