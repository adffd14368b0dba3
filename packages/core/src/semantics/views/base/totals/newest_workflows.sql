-- One row per workflow, '(none)' for what has no workflow: those of the latest requests and prompts, one
-- more than asked for, so that reports which show the newest first need not count the others.
CREATE OR REPLACE MACRO base.newest_workflows(since, until, only_workflow, most) AS TABLE
SELECT coalesce(workflow_id, '(none)') AS workflow
FROM (
  SELECT time, workflow_id FROM base.usage
  UNION ALL
  SELECT time, workflow_id FROM base.staged_logs WHERE event_name = 'user_prompt'
)
WHERE (since IS NULL OR time >= since)
  AND (until IS NULL OR time < until)
  AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
GROUP BY workflow_id
ORDER BY max(time) DESC
LIMIT most + 1;
