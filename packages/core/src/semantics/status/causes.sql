-- One row per likely cause of a difference between events and metrics since a time.
SELECT
  likely_cause AS cause,
  count(*) AS sessions,
  sum(abs(token_difference)) AS tokens,
  arg_max(session_id, last_time) AS session_id,
  list(DISTINCT service_version ORDER BY service_version) AS versions
FROM coverage
WHERE last_time >= $since
  AND likely_cause IS NOT NULL
GROUP BY likely_cause
ORDER BY sessions DESC, cause;
