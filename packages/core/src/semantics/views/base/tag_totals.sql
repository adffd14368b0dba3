-- One row per set of tags and model: what its requests used; and one per kind of other events.
-- A scan for each kind is faster than one scan that tells them apart.
CREATE OR REPLACE MACRO base.tag_totals(
  since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
WITH spent AS (
  SELECT
    tags,
    model,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd
  FROM base.plain_usage
  WHERE (since IS NULL OR time >= since)
    AND (until IS NULL OR time < until)
    AND (only_session IS NULL OR session_id = only_session)
    AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
    AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage)
    AND (only_model IS NULL OR model = only_model)
  GROUP BY tags, model
),
prompted AS (
  SELECT
    tags,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS prompts
  FROM base.plain_logs
  WHERE event_name = 'user_prompt'
    AND (since IS NULL OR time >= since)
    AND (until IS NULL OR time < until)
    AND (only_session IS NULL OR session_id = only_session)
    AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
    AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage)
    AND only_model IS NULL
  GROUP BY tags
),
worked AS (
  SELECT
    tags,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS tool_calls,
    count(*) FILTER (WHERE NOT success) AS tool_failures
  FROM base.plain_logs
  WHERE event_name = 'tool_result'
    AND (since IS NULL OR time >= since)
    AND (until IS NULL OR time < until)
    AND (only_session IS NULL OR session_id = only_session)
    AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
    AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage)
    AND only_model IS NULL
  GROUP BY tags
),
failed AS (
  SELECT
    tags,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS errors
  FROM base.plain_logs
  WHERE event_name = 'api_error'
    AND (since IS NULL OR time >= since)
    AND (until IS NULL OR time < until)
    AND (only_session IS NULL OR session_id = only_session)
    AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
    AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage)
    AND only_model IS NULL
  GROUP BY tags
),
found_spent AS (
  SELECT
    tags,
    found,
    model,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd
  FROM base.found_usage
  WHERE (since IS NULL OR time >= since)
    AND (until IS NULL OR time < until)
    AND (only_session IS NULL OR session_id = only_session)
    AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
    AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage)
    AND (only_model IS NULL OR model = only_model)
  GROUP BY tags, found, model
),
found_logged AS (
  SELECT
    tags,
    found,
    min(time) AS first_time,
    max(time) AS last_time,
    count(*) FILTER (WHERE event_name = 'user_prompt') AS prompts,
    count(*) FILTER (WHERE event_name = 'tool_result') AS tool_calls,
    count(*) FILTER (WHERE event_name = 'tool_result' AND NOT success) AS tool_failures,
    count(*) FILTER (WHERE event_name = 'api_error') AS errors
  FROM base.found_logs
  WHERE event_name IN ('user_prompt', 'tool_result', 'api_error')
    AND (since IS NULL OR time >= since)
    AND (until IS NULL OR time < until)
    AND (only_session IS NULL OR session_id = only_session)
    AND (only_workflow IS NULL OR coalesce(workflow_id, '(none)') = only_workflow)
    AND (only_stage IS NULL OR coalesce(stage, '(none)') = only_stage)
    AND only_model IS NULL
  GROUP BY tags, found
),
told AS (
  FROM spent
  UNION ALL BY NAME
  FROM prompted
  UNION ALL BY NAME
  FROM worked
  UNION ALL BY NAME
  FROM failed
  UNION ALL BY NAME
  FROM found_spent
  UNION ALL BY NAME
  FROM found_logged
)
SELECT
  coalesce(tags ->> 'workflow_id', found ->> 'workflow_id') AS workflow_id,
  coalesce(tags ->> 'workflow_path', found ->> 'workflow_path') AS workflow_path,
  coalesce(tags ->> 'complexity', found ->> 'complexity') AS complexity,
  coalesce(tags ->> 'stage', found ->> 'stage') AS stage,
  coalesce(tags ->> 'task_id', found ->> 'task_id') AS task_id,
  coalesce(tags ->> 'agent', found ->> 'agent') AS agent,
  CASE
    WHEN coalesce(tags ->> 'stage', found ->> 'stage') IS NULL THEN cost_usd
  END AS unattributed_usd,
  * EXCLUDE (tags, found)
FROM told;
