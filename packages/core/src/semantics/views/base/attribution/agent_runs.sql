-- One row per run of a subagent in a session with marks: all of it belongs to where it began.
CREATE OR REPLACE VIEW base.agent_runs AS
SELECT
  session_id,
  agent_id,
  min(base.began(time, duration_ms)) AS run_since,
  max(agent_name) AS run_name
FROM base.requests
SEMI JOIN base.evidence USING (session_id)
WHERE agent_id IS NOT NULL
GROUP BY session_id, agent_id;
