-- One row per day with usage, the newest first; or one per part of it where a split was asked for, the most written first.
-- What a request wrote was never read as far as the next request of the same thread and model read
-- less than there was by then. A thread is the main loop of a session or one run of a subagent.
WITH asked AS (
  SELECT
    time,
    part,
    requests,
    session_id,
    agent_id,
    model,
    canonical_model,
    speed,
    input_tokens,
    cache_read_tokens,
    cache_creation_tokens,
    cache_creation_5m_tokens,
    cache_creation_1h_tokens,
    cost_nano_usd,
    large_cost_usd
  FROM base.parts(
    $by,
    coalesce(
      $since,
      CASE WHEN $by IS NULL THEN (
        SELECT timezone($tz, date_trunc('day', timezone($tz, max(time))) - to_days($limit))
        FROM base.requests
      ) END
    ),
    $until, $session, $workflow, $stage, $model
  )
),
priced AS (
  SELECT
    named.model,
    named.speed,
    prices.valid_from,
    coalesce(prices.valid_to, TIMESTAMPTZ 'infinity') AS valid_to,
    prices.prompt_tokens_from,
    coalesce(prices.prompt_tokens_to, 9223372036854775807) AS prompt_tokens_to,
    prices.input_usd_per_mtok,
    prices.cache_read_usd_per_mtok,
    prices.cache_write_5m_usd_per_mtok,
    prices.cache_write_1h_usd_per_mtok
  FROM (
    SELECT DISTINCT model, canonical_model, coalesce(speed, '') AS speed
    FROM base.requests
  ) AS named
  JOIN prices
    ON prices.model = named.canonical_model
    AND prices.speed = base.price_speed(named.speed, named.model)
),
used AS (
  SELECT
    epoch_us(asked.time) // 900000000 AS quarter,
    asked.part,
    priced.input_usd_per_mtok,
    priced.cache_read_usd_per_mtok,
    priced.cache_write_5m_usd_per_mtok,
    priced.cache_write_1h_usd_per_mtok,
    count(*) AS entries,
    count(asked.requests) AS requests,
    count(CASE WHEN asked.cost_nano_usd IS NULL THEN asked.requests END) AS unpriced,
    sum(asked.input_tokens) AS input_tokens,
    sum(asked.cache_read_tokens) AS cache_read_tokens,
    sum(asked.cache_creation_tokens) AS cache_creation_tokens,
    sum(asked.cache_creation_5m_tokens) AS cache_creation_5m_tokens,
    sum(asked.cache_creation_1h_tokens) AS cache_creation_1h_tokens,
    base.sum_cost(asked.cost_nano_usd, asked.large_cost_usd) AS cost_usd
  FROM asked
  LEFT JOIN priced
    ON asked.requests = 1
    AND priced.model = asked.model
    AND priced.speed = coalesce(asked.speed, '')
    AND asked.time >= priced.valid_from
    AND asked.time < priced.valid_to
    AND CAST(coalesce(asked.input_tokens, 0) AS DOUBLE) + coalesce(asked.cache_read_tokens, 0)
      + coalesce(asked.cache_creation_tokens, 0) >= priced.prompt_tokens_from
    AND CAST(coalesce(asked.input_tokens, 0) AS DOUBLE) + coalesce(asked.cache_read_tokens, 0)
      + coalesce(asked.cache_creation_tokens, 0) < priced.prompt_tokens_to
  GROUP BY ALL
),
saved AS (
  SELECT
    * EXCLUDE (
      input_usd_per_mtok, cache_read_usd_per_mtok,
      cache_write_5m_usd_per_mtok, cache_write_1h_usd_per_mtok
    ),
    CAST(coalesce(cache_read_tokens, 0) AS DOUBLE)
      * CAST(input_usd_per_mtok - cache_read_usd_per_mtok AS DOUBLE) / 1e6 AS read_saved_usd,
    (
      (CAST(coalesce(cache_creation_tokens, 0) AS DOUBLE) - coalesce(cache_creation_1h_tokens, 0))
      * CAST(cache_write_5m_usd_per_mtok - input_usd_per_mtok AS DOUBLE)
      + CAST(coalesce(cache_creation_1h_tokens, 0) AS DOUBLE)
      * CAST(cache_write_1h_usd_per_mtok - input_usd_per_mtok AS DOUBLE)
    ) / 1e6 AS write_extra_usd
  FROM used
),
followed AS (
  SELECT
    epoch_us(time) // 900000000 AS quarter,
    part,
    cache_creation_tokens AS written,
    CAST(cache_read_tokens AS DOUBLE) + cache_creation_tokens - coalesce(
      lead(cache_read_tokens) OVER (
        PARTITION BY hash(session_id, agent_id, canonical_model) ORDER BY epoch_us(time)
      ),
      0
    ) AS lost
  FROM asked
  WHERE requests = 1
),
unread AS (
  SELECT quarter, part, sum(greatest(0, least(written, lost))) AS never_read_tokens
  FROM followed
  WHERE written > 0
  GROUP BY ALL
),
counted AS (
  FROM saved
  UNION ALL BY NAME
  FROM unread
)
SELECT
  CASE
    WHEN $by IS NULL THEN strftime(timezone($tz, make_timestamptz(quarter * 900000000)), '%Y-%m-%d')
  END AS day,
  CASE WHEN $by IS NOT NULL THEN coalesce(part, '(none)') END AS part,
  base.ledger_of(entries, requests) AS ledger,
  base.known_requests(entries, requests) AS requests,
  base.total(input_tokens) AS input_tokens,
  base.total(cache_read_tokens) AS cache_read_tokens,
  base.total(cache_creation_tokens) AS cache_creation_tokens,
  base.total(cache_creation_5m_tokens) AS cache_creation_5m_tokens,
  base.total(cache_creation_1h_tokens) AS cache_creation_1h_tokens,
  base.cache_hit_rate(input_tokens, cache_read_tokens, cache_creation_tokens)
    AS cache_hit_rate,
  TRY_CAST(sum(never_read_tokens) AS HUGEINT) AS never_read_tokens,
  sum(never_read_tokens) / nullif(CAST(sum(cache_creation_tokens) AS DOUBLE), 0)
    AS never_read_share,
  base.known_cost(entries, cost_usd) AS cost_usd,
  base.unpriced_requests(entries, requests, unpriced) AS unpriced_requests,
  TRY_CAST(sum(read_saved_usd) AS DECIMAL(38, 9)) AS read_saved_usd,
  TRY_CAST(sum(write_extra_usd) AS DECIMAL(38, 9)) AS write_extra_usd,
  TRY_CAST(sum(read_saved_usd) - sum(write_extra_usd) AS DECIMAL(38, 9)) AS saved_usd
FROM counted
GROUP BY ALL
ORDER BY day DESC, cache_creation_tokens DESC, part
LIMIT $limit;
