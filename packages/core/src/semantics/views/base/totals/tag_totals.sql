-- base.partial_totals by workflow, stage, task and agent: grouped by the JSON text of the tags, which is
-- read apart only then.
CREATE OR REPLACE MACRO base.tag_totals(
  usage_key_1, usage_key_2, log_key, began, counts, only_model
) AS TABLE
SELECT
  coalesce(base.own_tag(key_1, 'workflow_id'), key_2 ->> 'workflow_id') AS workflow_id,
  coalesce(key_1 ->> 'workflow_path', key_2 ->> 'workflow_path') AS workflow_path,
  coalesce(key_1 ->> 'complexity', key_2 ->> 'complexity') AS complexity,
  coalesce(base.own_tag(key_1, 'stage'), key_2 ->> 'stage') AS stage,
  coalesce(base.own_tag(key_1, 'task_id'), key_2 ->> 'task_id') AS task_id,
  coalesce(base.own_tag(key_1, 'agent'), key_2 ->> 'agent') AS agent,
  * EXCLUDE (key_1, key_2)
FROM base.partial_totals(
  tags, found, usage_key_1, usage_key_2, log_key, began, counts, only_model
);
