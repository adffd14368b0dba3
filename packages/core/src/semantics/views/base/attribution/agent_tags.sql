-- What the type of a subagent says where nothing else names a stage, as a JSON object.
CREATE OR REPLACE MACRO base.agent_tags(agent_name) AS
  CASE
    WHEN base.real_agent(agent_name) IS NOT NULL
      THEN CAST(json_object('attribution', 'agent', 'stage', agent_name) AS VARCHAR)
  END;
