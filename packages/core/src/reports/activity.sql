-- One row per minute, hour or day with usage, and part of it where a split was asked for; the newest first.
WITH used AS (
  SELECT
    CASE $bucket
      WHEN 'minute' THEN make_timestamptz(epoch_us(time) // 60000000 * 60000000)
      ELSE make_timestamptz(epoch_us(time) // 900000000 * 900000000)
    END AS moment,
    part,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd
  FROM base.parts($by, $since, $until, $session, $workflow, $stage, $model)
  GROUP BY ALL
)
SELECT
  CASE $bucket
    WHEN 'minute' THEN moment
    WHEN 'hour' THEN moment - to_minutes(minute(timezone($tz, moment)))
    ELSE timezone($tz, date_trunc('day', timezone($tz, moment)))
  END AS start_time,
  CASE WHEN $by IS NOT NULL THEN coalesce(part, '(none)') END AS part,
  base.told_by(entries, requests) AS ledger,
  base.known_requests(entries, requests) AS requests,
  base.total(input_tokens) AS input_tokens,
  base.total(output_tokens) AS output_tokens,
  base.total(cache_read_tokens) AS cache_read_tokens,
  base.total(cache_creation_tokens) AS cache_creation_tokens,
  base.all_tokens(input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
    AS total_tokens,
  coalesce(sum(cost_usd), 0) AS cost_usd,
  base.cache_hit_rate(input_tokens, cache_read_tokens, cache_creation_tokens)
    AS cache_hit_rate
FROM used
GROUP BY ALL
ORDER BY start_time DESC, cost_usd DESC, part
LIMIT $limit;
