-- One row: whether new marks change the stage of older rows: those of the whole session, of the prompt
-- or subagent that a row names, and those from before a row began.
WITH marks AS MATERIALIZED (
  SELECT session_id, time, prompt_id, agent_id, json_extract_string(attributes, '$.action') AS action
  FROM base.other_logs
  WHERE rowid >= $others AND event_name = 'stage_mark'
)
SELECT
  EXISTS (
    FROM base.api_request_logs AS request
    JOIN marks USING (session_id)
    WHERE request.rowid < $requests
      AND (
        marks.action = 'session'
        OR request.prompt_id = marks.prompt_id
        OR request.agent_id = marks.agent_id
        OR base.began(request.time, request.duration_ms) >= marks.time
      )
  )
  OR EXISTS (
    FROM base.metric_points AS point
    JOIN marks USING (session_id)
    WHERE point.rowid < $points AND (marks.action = 'session' OR point.time >= marks.time)
  )
  AS moved;
