-- One row per tool; the most used first.
WITH ran AS (
  SELECT
    tool_name,
    count(*) AS calls,
    count(*) FILTER (WHERE NOT success) AS failures,
    sum(duration_ms) AS duration_ms,
    quantile_cont(duration_ms, [0.5, 0.95]) AS duration_quantiles,
    sum(tool_result_size_bytes) AS result_bytes
  FROM base.staged_logs
  WHERE base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND event_name = 'tool_result'
  GROUP BY tool_name
),
refused AS (
  SELECT tool_name, count(*) AS rejections
  FROM base.staged_logs
  WHERE base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
    AND event_name = 'tool_decision'
    AND decision = 'reject'
  GROUP BY tool_name
)
SELECT
  coalesce(tool_name, '(none)') AS tool_name,
  coalesce(calls, 0) AS calls,
  coalesce(failures, 0) AS failures,
  CAST(failures AS DOUBLE) / nullif(calls, 0) AS failure_rate,
  coalesce(rejections, 0) AS rejections,
  duration_quantiles[1] AS duration_p50_ms,
  duration_quantiles[2] AS duration_p95_ms,
  TRY_CAST(duration_ms AS DOUBLE) / 1000 AS total_seconds,
  TRY_CAST(result_bytes AS BIGINT) AS result_bytes
FROM ran
FULL JOIN refused USING (tool_name)
ORDER BY calls DESC, rejections DESC, tool_name
LIMIT $limit;
