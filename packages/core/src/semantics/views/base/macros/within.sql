-- Whether something lies within the limits that were asked for; NULL is no limit, and '(none)' names
-- what carries no workflow or stage.
CREATE OR REPLACE MACRO base.within(
  moment, session_id, workflow_id, stage, since, until, only_session, only_workflow, only_stage
) AS
  (since IS NULL OR moment >= since)
  AND (until IS NULL OR moment < until)
  AND (only_session IS NULL OR session_id = only_session)
  AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
  AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage);
