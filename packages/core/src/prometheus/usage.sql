-- One row per set of labels: the usage of requests, and prompts, tools and errors, of all time. Tags come
-- as they were sent (`sent_`) and, next to them, as attribution completes them.
WITH parts AS (
  SELECT
    base.own_tag(key_1, 'workflow_id') AS sent_workflow_id,
    base.own_tag(key_1, 'stage') AS sent_stage,
    base.own_tag(key_1, 'task_id') AS sent_task_id,
    base.own_tag(key_1, 'agent') AS sent_agent,
    key_2 AS found,
    model,
    usage_key_2 AS query_source,
    coalesce(usage_key_1, log_key) AS owner,
    * EXCLUDE (key_1, key_2, model, usage_key_1, usage_key_2, log_key)
  FROM base.partial_totals(
    tags,
    found,
    {
      'user': coalesce(user_email, user_id),
      'session': CASE WHEN $sessions THEN session_id END
    },
    source_kind,
    {
      'user': coalesce(user_email, user_id),
      'session': CASE WHEN $sessions THEN session_id END
    },
    time,
    true,
    NULL
  )
)
SELECT
  sent_workflow_id, sent_stage, sent_task_id, sent_agent,
  coalesce(sent_workflow_id, found ->> 'workflow_id') AS workflow_id,
  coalesce(sent_stage, found ->> 'stage') AS stage,
  coalesce(sent_task_id, found ->> 'task_id') AS task_id,
  coalesce(sent_agent, found ->> 'agent') AS agent,
  base.attribution(found, sent_stage) AS attribution,
  model,
  query_source,
  owner.user AS user,
  owner.session AS session_id,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  base.total(requests) AS requests,
  base.total(unpriced) AS unpriced_requests,
  base.total(input_tokens) AS input,
  base.total(output_tokens) AS output,
  base.total(cache_read_tokens) AS cache_read,
  base.total(cache_creation_tokens) AS cache_creation,
  sum(cost_usd) AS cost_usd,
  base.total(prompts) AS prompts,
  base.total(tool_calls) AS tool_calls,
  base.total(tool_failures) AS tool_failures,
  base.total(errors) AS errors
FROM parts
GROUP BY ALL;
