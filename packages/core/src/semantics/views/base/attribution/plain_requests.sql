-- One row per api_request event that has only its own tags. Most sessions have neither marks nor
-- traces of orchestrators: their requests are read without looking at those.
CREATE OR REPLACE VIEW base.plain_requests AS
FROM base.requests
ANTI JOIN base.evidence USING (session_id)
WHERE stage IS NOT NULL OR base.real_agent(agent_name) IS NULL;
