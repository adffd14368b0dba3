-- The type of a subagent; NULL where Claude Code masks it.
CREATE OR REPLACE MACRO base.real_agent(agent_name) AS
  CASE WHEN agent_name NOT IN ('', 'custom') THEN agent_name END;
