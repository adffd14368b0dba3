-- One row: what the database knows, how fresh and how complete it is.
SELECT
  (SELECT count(DISTINCT session_id) FROM usage) AS sessions,
  (SELECT sum(requests) FROM usage) AS requests,
  (SELECT sum(total_tokens) FROM usage) AS tokens,
  (SELECT sum(cost_usd) FROM usage) AS cost_usd,
  (SELECT count(*) FROM base.api_request_logs)
    + (SELECT count(*) FROM base.other_logs)
    AS log_records,
  (SELECT count(*) FROM base.metric_points) AS metric_points,
  (SELECT count(*) FROM base.spans) AS spans,
  (SELECT min(time) FROM usage) AS first_time,
  (SELECT max(time) FROM usage) AS last_time,
  (SELECT count(*) FROM coverage) AS compared_sessions,
  (SELECT count(*) FROM coverage WHERE agrees) AS agreeing_sessions,
  (SELECT list(DISTINCT likely_cause ORDER BY likely_cause) FROM coverage WHERE NOT agrees)
    AS likely_causes,
  (SELECT coalesce(sum(lines), 0)::BIGINT FROM rejected_lines) AS rejected_lines;
