-- One row per api_request event of which no more is told than its own tags. Most sessions have
-- neither marks nor traces of others: their requests are read as they lie.
CREATE OR REPLACE VIEW base.plain_requests AS
FROM base.requests
ANTI JOIN base.evidence USING (session_id)
WHERE stage IS NOT NULL OR base.real_agent(agent_name) IS NULL;
