-- One row per increment of tokens or cost of a session without api_request events, or without an id.
-- The last column is true if events that lack an id these points have, or have one that these points
-- lack, hold the usage of that time already. They are those of the same user, or of any where either side has no user, on the UTC days
-- that the increment grew in, with an hour before and after; to points with a session, only events
-- without one.
CREATE OR REPLACE VIEW base.metric_usage AS
WITH ledgers AS MATERIALIZED (
  -- As a list that is unnested they are known to be few, so that joins hash them, not the points.
  SELECT unnest(list(DISTINCT ledger_key)) AS ledger_key
  FROM (
    SELECT coalesce(session_id, '') AS ledger_key
    FROM base.routes
    WHERE measured
  ) AS found
  ANTI JOIN (
    SELECT session_id AS ledger_key
    FROM base.routes
    WHERE NOT measured AND session_id <> ''
  ) AS requested USING (ledger_key)
),
increments AS NOT MATERIALIZED (
  SELECT
    *,
    session_id IS NULL AS sessionless,
    base.day_of(least(coalesce(start_time, time), time) - INTERVAL 1 HOUR) AS first_day,
    base.day_of(time + INTERVAL 1 HOUR) AS last_day
  FROM base.metric_increments
  WHERE canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
    AND coalesce(session_id, '') IN (SELECT ledger_key FROM ledgers)
),
spans AS (
  SELECT DISTINCT spans.*
  FROM (SELECT DISTINCT sessionless, user_id, first_day, last_day FROM increments) AS spans
  JOIN base.request_days AS days
    ON days.day BETWEEN spans.first_day AND spans.last_day
    AND (spans.sessionless OR days.sessionless)
    AND (spans.user_id IS NULL OR days.user_id IS NULL OR spans.user_id = days.user_id)
)
SELECT
  increments.* EXCLUDE (sessionless, first_day, last_day),
  spans.sessionless IS NOT NULL AS in_events
FROM increments
LEFT JOIN spans
  ON spans.sessionless = increments.sessionless
  AND spans.user_id IS NOT DISTINCT FROM increments.user_id
  AND spans.first_day = increments.first_day
  AND spans.last_day = increments.last_day;
