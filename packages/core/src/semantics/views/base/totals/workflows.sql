-- One row per workflow; the row of NULL is what carries no workflow_id.
CREATE OR REPLACE MACRO base.workflows(
  since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT * EXCLUDE (sums), unnest(sums)
FROM (
  SELECT
    part.workflow_id,
    max(part.workflow_path) AS workflow_path, max(part.complexity) AS complexity,
    base.totals(part, only_model) AS sums
  FROM base.tag_totals(
    NULL, NULL, NULL, time,
    base.within(time, session_id, workflow_id, stage, since, until, only_session, only_workflow, only_stage),
    only_model
  ) AS part
  GROUP BY ALL
);
