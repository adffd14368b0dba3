-- Whether something belongs to a task and an agent that were asked for; NULL is all of them, and '(none)'
-- names what carries none.
CREATE OR REPLACE MACRO base.of_task(task_id, agent, only_task, only_agent) AS
  (only_task IS NULL OR coalesce(task_id, '(none)') = only_task)
  AND (only_agent IS NULL OR coalesce(agent, '(none)') = only_agent);
