-- One row per minute, hour or day with usage, and part of it where a split was asked for; the newest first.
WITH used AS (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      CASE $bucket
        WHEN 'minute' THEN make_timestamptz(epoch_us(time) // 60000000 * 60000000)
        ELSE make_timestamptz(epoch_us(time) // 900000000 * 900000000)
      END AS moment,
      part,
      base.usage_sums(
        requests, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
        cost_nano_usd, large_cost_usd
      ) AS sums
    FROM base.parts($by, $since, $until, $session, $workflow, $stage, $model)
    GROUP BY ALL
  )
)
FROM (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      CASE $bucket
        WHEN 'minute' THEN used.moment
        WHEN 'hour' THEN used.moment - to_minutes(minute(timezone($tz, used.moment)))
        ELSE timezone($tz, date_trunc('day', timezone($tz, used.moment)))
      END AS start_time,
      CASE WHEN $by IS NOT NULL THEN coalesce(used.part, '(none)') END AS part,
      base.usage_totals(used) AS sums
    FROM used
    GROUP BY start_time, used.part
  )
)
ORDER BY start_time DESC, cost_usd DESC, part
LIMIT $limit;
