-- One row per session with requests, prompts, tools or errors.
CREATE OR REPLACE MACRO base.sessions(
  since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT * EXCLUDE (sums), unnest(sums)
FROM (
  SELECT part.key_1 AS session_id, base.totals(part, only_model) AS sums
  FROM base.partial_totals(
    session_id, NULL, NULL, NULL, NULL, time,
    base.within(time, session_id, workflow_id, stage, since, until, only_session, only_workflow, only_stage),
    only_model
  ) AS part
  GROUP BY ALL
);
