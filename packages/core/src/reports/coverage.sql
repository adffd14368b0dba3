-- One row per session: usage by events against usage by metrics; those that differ first.
SELECT
  coalesce(session_id, '(none)') AS session_id,
  first_time,
  last_time,
  service_version,
  requests,
  TRY_CAST(
    CAST(event_input_tokens AS HUGEINT) + event_output_tokens
    + event_cache_read_tokens + event_cache_creation_tokens AS BIGINT
  ) AS event_tokens,
  TRY_CAST(
    CAST(metric_input_tokens AS HUGEINT) + metric_output_tokens
    + metric_cache_read_tokens + metric_cache_creation_tokens AS BIGINT
  ) AS metric_tokens,
  token_difference,
  event_cost_usd,
  metric_cost_usd,
  cost_difference_usd,
  coalesce(likely_cause, 'agrees') AS finding
FROM coverage
WHERE ($since IS NULL OR last_time >= $since)
  AND ($until IS NULL OR first_time < $until)
  AND ($session IS NULL OR session_id = $session)
ORDER BY agrees, abs(token_difference) DESC, last_time DESC, session_id
LIMIT $limit;
