-- One row: how many rows the tables hold that the live state reads.
SELECT
  (SELECT count(*) FROM base.api_request_logs) AS api_request_logs,
  (SELECT count(*) FROM base.other_logs) AS other_logs,
  (SELECT count(*) FROM base.metric_points) AS metric_points,
  (SELECT count(*) FROM base.request_days) AS request_days;
