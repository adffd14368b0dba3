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
    count(CASE WHEN cost_nano_usd IS NULL THEN requests END) AS unpriced,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    base.sum_cost(cost_nano_usd, large_cost_usd) AS cost_usd
  FROM base.parts($by, $since, $until, $session, $workflow, $stage, $model)
  GROUP BY ALL
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
