-- One row per task of a stage and agent it was given to; rows of NULL are what carries no task.
CREATE OR REPLACE MACRO base.tasks(
  since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT * EXCLUDE (sums), unnest(sums)
FROM (
  SELECT part.workflow_id, part.stage, part.task_id, part.agent, base.totals(part, only_model) AS sums
  FROM base.tag_totals(
    NULL, NULL, NULL, time,
    base.within(time, session_id, workflow_id, stage, since, until, only_session, only_workflow, only_stage),
    only_model
  ) AS part
  GROUP BY ALL
);
