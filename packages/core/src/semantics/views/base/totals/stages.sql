-- One row per stage of a workflow; rows of NULL are what carries no stage.
CREATE OR REPLACE MACRO base.stages(
  since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT * EXCLUDE (sums), unnest(sums)
FROM (
  SELECT part.workflow_id, part.stage, base.totals(part, only_model) AS sums
  FROM base.tag_totals(
    NULL, NULL, NULL, time,
    base.within(time, session_id, workflow_id, stage, since, until, only_session, only_workflow, only_stage),
    only_model
  ) AS part
  GROUP BY ALL
);
