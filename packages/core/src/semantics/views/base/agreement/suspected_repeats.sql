-- One row per session with records that look like others which came by another route and have no id that
-- would say so: how many. Requests from before there were ids, and points of usage.
CREATE OR REPLACE VIEW base.suspected_repeats AS
WITH unnumbered AS (
  -- Most sessions came by one route: these are passed over quickly.
  SELECT coalesce(session_id, '') AS ledger_key
  FROM (
    SELECT DISTINCT session_id, resource_id, coalesce(observed_lag_ns, 0) AS lag
    FROM base.api_request_logs
    WHERE request_key IS NULL
  )
  GROUP BY ledger_key
  HAVING count(*) > 1
),
requests AS (
  SELECT session_id, count(DISTINCT (resource_id, scope_id, observed_lag_ns, time)) - 1 AS repeats
  FROM base.api_request_logs
  WHERE request_key IS NULL
    AND coalesce(session_id, '') IN (SELECT ledger_key FROM unnumbered)
  GROUP BY
    session_id, user_id, model, input_tokens, output_tokens, cache_read_tokens,
    cache_creation_tokens, cost_nano_usd, cost_usd_micros, duration_ms, event_sequence,
    time - to_microseconds(coalesce(event_lag_us, 0))
),
routed AS (
  SELECT coalesce(session_id, '') AS ledger_key
  FROM base.routes
  WHERE measured
  GROUP BY ledger_key
  HAVING count(*) > 1
),
points AS (
  SELECT
    session_id,
    count(DISTINCT (resource_id, scope_id, metric_name)) - 1 AS repeats
  FROM base.counted_points
  WHERE canonical_metric IN ('claude_code.token.usage', 'claude_code.cost.usage')
    AND coalesce(session_id, '') IN (SELECT ledger_key FROM routed)
  GROUP BY
    session_id, user_id, canonical_metric, counting, time, time_nanos, start_time, value, type,
    model, query_source, effort, speed, agent_name, skill_name, mcp_server_name, mcp_tool_name
)
SELECT
  session_id,
  sum(repeats) FILTER (WHERE of = 'requests') AS requests,
  sum(repeats) FILTER (WHERE of = 'points') AS points
FROM (
  SELECT 'requests' AS of, session_id, repeats FROM requests WHERE repeats > 0
  UNION ALL
  SELECT 'points' AS of, session_id, repeats FROM points WHERE repeats > 0
)
GROUP BY session_id;
