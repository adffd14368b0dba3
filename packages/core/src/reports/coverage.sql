-- One row per session: usage by events against usage by metrics; those that differ first.
SELECT
  coalesce(session_id, '(none)') AS session_id,
  first_time,
  last_time,
  service_version,
  requests,
  unpriced_requests,
  event_tokens,
  metric_tokens,
  token_difference,
  event_cost_usd,
  metric_cost_usd,
  cost_difference_usd,
  repeated_requests,
  suspected_repeats,
  left_out_tokens,
  left_out_cost_usd,
  coalesce(likely_cause, 'agrees') AS finding
FROM coverage
WHERE ($since IS NULL OR last_time >= $since)
  AND ($until IS NULL OR first_time < $until)
  AND ($session IS NULL OR session_id = $session)
ORDER BY agrees, abs(token_difference) DESC, abs(cost_difference_usd) DESC, last_time DESC, session_id
LIMIT $limit;
