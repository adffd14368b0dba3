-- One row: how many rows the tables hold that the live state reads, and which traces name stages.
SELECT
  (SELECT count(*) FROM base.api_request_logs) AS api_request_logs,
  (SELECT count(*) FROM base.other_logs) AS other_logs,
  (SELECT count(*) FROM base.metric_points) AS metric_points,
  (SELECT count(*) FROM base.request_days) AS request_days,
  (
    SELECT CAST(coalesce(bit_xor(hash(session_id, CAST(said.traces AS VARCHAR))), 0) AS VARCHAR)
    FROM base.evidence
    WHERE said.traces IS NOT NULL
  ) AS traces;
