-- One row per session: its usage by events against its usage by metrics, and what may be wrong.
CREATE OR REPLACE VIEW coverage AS
WITH requested AS (
  SELECT
    session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    any_value(service_version) AS service_version,
    count(*) AS requests,
    count(*) FILTER (
      WHERE input_tokens = 0 AND output_tokens = 0 AND cache_read_tokens = 0
    ) AS empty_requests,
    sum(input_tokens) AS event_input_tokens,
    sum(output_tokens) AS event_output_tokens,
    sum(cache_read_tokens) AS event_cache_read_tokens,
    sum(cache_creation_tokens) AS event_cache_creation_tokens,
    count(*) - count(cost_nano_usd) AS unpriced_requests,
    base.usd_of_sum(sum(cost_nano_usd)) AS event_cost_usd
  FROM base.requests
  GROUP BY session_id
),
measured AS (
  SELECT
    session_id,
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    any_value(service_version) AS service_version,
    sum(tokens) AS metric_tokens,
    sum(tokens) FILTER (WHERE token_kind = 'input') AS metric_input_tokens,
    sum(tokens) FILTER (WHERE token_kind = 'output') AS metric_output_tokens,
    sum(tokens) FILTER (WHERE token_kind = 'cacheRead') AS metric_cache_read_tokens,
    sum(tokens) FILTER (WHERE token_kind = 'cacheCreation') AS metric_cache_creation_tokens,
    sum(cost_usd) AS metric_cost_usd
  FROM (
    -- By kind first: one sum over all points is less work than one for each kind.
    SELECT
      session_id,
      token_kind,
      min(time) AS first_time,
      max(time) AS last_time,
      any_value(service_version) AS service_version,
      sum(
        CASE
          WHEN canonical_metric = 'claude_code.token.usage'
            THEN base.tokens_of(increment_int, increment)
        END
      ) AS tokens,
      sum(CASE WHEN canonical_metric = 'claude_code.cost.usage' THEN increment END) AS cost_usd
    FROM base.metric_increments
    GROUP BY session_id, token_kind
  )
  GROUP BY session_id
  HAVING metric_tokens IS NOT NULL OR metric_cost_usd IS NOT NULL
),
recorded AS (
  SELECT session_id, count(*) AS repeated_requests
  FROM base.api_request_logs
  WHERE repeated
  GROUP BY session_id
),
uncounted AS (
  SELECT
    session_id,
    min(first_time) FILTER (WHERE NOT in_events) AS first_time,
    max(last_time) FILTER (WHERE NOT in_events) AS last_time,
    sum(points) FILTER (WHERE NOT in_events) AS unclear_points,
    sum(value_sum) FILTER (WHERE in_events AND canonical_metric = 'claude_code.token.usage')
      AS left_out_tokens,
    sum(value_sum) FILTER (WHERE in_events AND canonical_metric = 'claude_code.cost.usage')
      AS left_out_cost_usd
  FROM (SELECT *, reason = 'events hold the same' AS in_events FROM base.uncounted)
  GROUP BY session_id
),
joined AS (
  SELECT
    session_id,
    min(first_time) AS first_time,
    max(last_time) AS last_time,
    any_value(service_version) AS service_version,
    base.counted(requests) AS requests,
    base.counted(empty_requests) AS empty_requests,
    base.counted(unpriced_requests) AS unpriced_requests,
    base.total(event_input_tokens) AS event_input_tokens,
    base.total(event_output_tokens) AS event_output_tokens,
    base.total(event_cache_read_tokens) AS event_cache_read_tokens,
    base.total(event_cache_creation_tokens) AS event_cache_creation_tokens,
    base.all_tokens(
      event_input_tokens, event_output_tokens,
      event_cache_read_tokens, event_cache_creation_tokens
    ) AS event_tokens,
    base.known_cost(requests, event_cost_usd) AS event_cost_usd,
    count(metric_tokens) > 0 AS has_metrics,
    base.total(metric_input_tokens) AS metric_input_tokens,
    base.total(metric_output_tokens) AS metric_output_tokens,
    base.total(metric_cache_read_tokens) AS metric_cache_read_tokens,
    base.total(metric_cache_creation_tokens) AS metric_cache_creation_tokens,
    base.total(metric_tokens) AS metric_tokens,
    TRY_CAST(
      CASE
        WHEN count(metric_tokens) > 0 THEN sum(metric_cost_usd)
        ELSE coalesce(sum(metric_cost_usd), 0)
      END AS DECIMAL(38, 9)
    ) AS metric_cost_usd
  FROM (
    FROM requested
    UNION ALL BY NAME
    FROM measured
    UNION ALL BY NAME
    SELECT session_id, first_time, last_time
    FROM uncounted
    WHERE unclear_points > 0
  )
  GROUP BY session_id
),
counted AS (
  SELECT
    joined.*,
    numbered.missing_events,
    coalesce(recorded.repeated_requests, 0) AS repeated_requests,
    CAST(coalesce(suspected.requests, 0) + coalesce(suspected.points, 0) AS BIGINT) AS suspected_repeats,
    coalesce(TRY_CAST(uncounted.left_out_tokens AS HUGEINT), 0) AS left_out_tokens,
    coalesce(TRY_CAST(uncounted.left_out_cost_usd AS DECIMAL(38, 9)), 0) AS left_out_cost_usd,
    coalesce(TRY_CAST(uncounted.unclear_points AS BIGINT), 0) AS unclear_points,
    metric_tokens = event_tokens AS tokens_agree,
    base.same_cost(metric_cost_usd, event_cost_usd, joined.requests) AS costs_agree,
    used.models
  FROM joined
  LEFT JOIN base.missing_events AS numbered
    ON joined.session_id IS NOT DISTINCT FROM numbered.session_id
  LEFT JOIN recorded ON joined.session_id IS NOT DISTINCT FROM recorded.session_id
  LEFT JOIN base.suspected_repeats AS suspected
    ON joined.session_id IS NOT DISTINCT FROM suspected.session_id
  LEFT JOIN uncounted ON joined.session_id IS NOT DISTINCT FROM uncounted.session_id
  LEFT JOIN base.defective_models AS used
    ON joined.session_id IS NOT DISTINCT FROM used.session_id
)
SELECT
  session_id,
  first_time,
  last_time,
  service_version,
  requests,
  empty_requests,
  unpriced_requests,
  event_input_tokens,
  event_output_tokens,
  event_cache_read_tokens,
  event_cache_creation_tokens,
  event_tokens,
  event_cost_usd,
  metric_input_tokens,
  metric_output_tokens,
  metric_cache_read_tokens,
  metric_cache_creation_tokens,
  metric_tokens,
  metric_cost_usd,
  metric_tokens - event_tokens AS token_difference,
  metric_cost_usd - event_cost_usd AS cost_difference_usd,
  missing_events,
  repeated_requests,
  suspected_repeats,
  left_out_tokens,
  left_out_cost_usd,
  unclear_points,
  requests > 0
    AND has_metrics
    AND unpriced_requests = 0
    AND tokens_agree
    AND costs_agree
    AND suspected_repeats = 0
    AND unclear_points = 0
    AND coalesce(missing_events, 0) = 0
    AS agrees,
  CASE
    WHEN suspected_repeats > 0 THEN 'suspected repeats'
    WHEN unclear_points > 0 THEN 'metrics of unclear kind'
    WHEN requests = 0 AND (left_out_tokens > 0 OR left_out_cost_usd > 0) THEN 'other events count'
    WHEN requests = 0 THEN 'no events'
    WHEN empty_requests > 0 THEN 'requests without usage'
    WHEN unpriced_requests > 0 THEN 'requests without a price'
    WHEN NOT has_metrics THEN 'no metrics'
    WHEN tokens_agree AND coalesce(missing_events, 0) > 0 THEN 'events lost'
    WHEN tokens_agree AND costs_agree THEN NULL
    WHEN tokens_agree AND metric_cost_usd IS NULL THEN 'metrics without cost'
    WHEN tokens_agree THEN 'costs differ'
    WHEN costs_agree THEN 'broken attempt'
    WHEN metric_tokens > event_tokens THEN 'events lost'
    ELSE 'metrics late or lost'
  END AS likely_cause,
  base.defects_of(service_version, models, last_time) AS known_defects
FROM counted;
