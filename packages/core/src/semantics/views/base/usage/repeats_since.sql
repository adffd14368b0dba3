-- One row per record of a request of which a record was stored from this row on: whether another record
-- counts for it (true, else NULL). Of a request's records one counts in each session; one without a
-- session only where none has one. A cost goes before none, then the lesser record_id: what counts
-- follows from what is stored, not from the order in which it came.
CREATE OR REPLACE MACRO base.repeats_since(first_row) AS TABLE
SELECT
  rowid AS stored_row,
  CASE
    WHEN
      row_number() OVER (
        PARTITION BY request_id, session_id
        ORDER BY cost_nano_usd IS NULL, record_id
      ) > 1
      OR (session_id IS NULL AND count(session_id) OVER (PARTITION BY request_id) > 0)
      THEN true
  END AS repeated
FROM base.api_request_logs
WHERE request_key IN (SELECT request_key FROM base.api_request_logs WHERE rowid >= first_row);
