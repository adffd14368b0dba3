-- One row per quarter of an hour and kind of log record before a time, marks left out: how many. Taken are the new
-- ones of these sessions, or of none, and all of sessions that are taken whole.
WITH chosen AS (
  FROM base.other_logs
  WHERE rowid >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
  UNION ALL
  FROM base.other_logs
  WHERE rowid >= $mark AND time < $detailed AND time >= $since AND session_id IS NULL
  UNION ALL
  FROM base.other_logs
  WHERE rowid < $mark AND session_id IN (SELECT unnest($whole))
),
counted AS (
  SELECT
    *,
    CASE event_name
      WHEN 'api_error' THEN 'error'
      WHEN 'api_refusal' THEN 'refusal'
      WHEN 'tool_result' THEN 'tool'
      WHEN 'user_prompt' THEN 'prompt'
      ELSE 'event'
    END AS kind,
    event_name = 'tool_result' AND success IS FALSE AS failed
  FROM chosen
  WHERE event_name IS DISTINCT FROM 'stage_mark'
)
SELECT
  session_id,
  workflow_id,
  stage,
  task_id,
  agent,
  canonical_model,
  kind,
  coalesce(failed, false) AS failed,
  epoch_us(min(time)) AS first,
  epoch_us(max(time)) AS last,
  count(*) AS count,
  epoch_us(max(time) FILTER (WHERE prompt_id IS NOT NULL)) AS prompt_time,
  max(row(time, prompt_id)) FILTER (WHERE prompt_id IS NOT NULL)[2] AS prompt_id
FROM counted
GROUP BY
  session_id, workflow_id, stage, task_id, agent, canonical_model, kind, failed,
  epoch_us(time) // 900000000;
