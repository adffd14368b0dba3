-- One row per metric of Claude Code that counts something other than usage, and set of labels. Added as
-- decimals: a sum of floating-point numbers may be less the next time. What is beyond any count is left out.
WITH sums AS (
  SELECT
    canonical_metric,
    tags,
    type,
    tool_name,
    decision,
    source,
    language,
    start_type,
    coalesce(user_email, user_id) AS user,
    CASE WHEN $sessions THEN session_id END AS session_id,
    min(time) AS first_time,
    max(time) AS last_time,
    sum(TRY_CAST(increment AS DECIMAL(24, 6))) AS increment
  FROM base.metric_increments
  WHERE canonical_metric IN (
    'claude_code.session.count',
    'claude_code.lines_of_code.count',
    'claude_code.pull_request.count',
    'claude_code.commit.count',
    'claude_code.code_edit_tool.decision',
    'claude_code.active_time.total'
  )
  GROUP BY ALL
)
SELECT
  canonical_metric,
  base.own_tag(tags, 'workflow_id') AS workflow_id,
  base.own_tag(tags, 'stage') AS stage,
  base.own_tag(tags, 'task_id') AS task_id,
  base.own_tag(tags, 'agent') AS agent,
  type,
  tool_name,
  decision,
  source,
  language,
  start_type,
  user,
  session_id,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  sum(increment) AS increment
FROM sums
GROUP BY ALL;
