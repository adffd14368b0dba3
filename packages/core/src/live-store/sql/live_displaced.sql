-- One row: whether a record from this row on counts for a request of which an earlier one counted.
SELECT EXISTS (
  FROM base.api_request_logs
  WHERE repeated
    AND rowid < $mark
    AND request_id IN (
      SELECT request_id FROM base.api_request_logs WHERE rowid >= $mark AND repeated IS NULL
    )
) AS displaced;
