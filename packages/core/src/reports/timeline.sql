-- One row per run of a stage: what one session did for one task; latest workflow first, within it in the order they began. Runs in one lane never overlap.
WITH looked_up AS MATERIALIZED (
  FROM base.found_logs
  WHERE event_name IN ('user_prompt', 'tool_result', 'api_error')
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
),
logs AS NOT MATERIALIZED (
  SELECT *, CAST(NULL AS VARCHAR) AS found
  FROM base.plain_logs
  UNION ALL BY NAME
  FROM looked_up
),
found_used AS MATERIALIZED (
  SELECT
    time,
    duration_ms,
    session_id,
    workflow_id,
    stage,
    task_id,
    agent,
    tags,
    found,
    source_kind,
    agent_name,
    model,
    requests,
    input_tokens,
    output_tokens,
    cache_read_tokens,
    cache_creation_tokens,
    cost_usd
  FROM base.found_usage
  WHERE ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
),
used AS NOT MATERIALIZED (
  SELECT *, CAST(NULL AS VARCHAR) AS found
  FROM base.plain_usage
  UNION ALL BY NAME
  FROM found_used
),
newest AS (
  SELECT workflow
  FROM (
    SELECT workflow_id AS workflow, max(time) AS last_time
    FROM (
      SELECT time, workflow_id FROM base.api_request_logs
      UNION ALL
      SELECT time, workflow_id FROM found_used
    )
    WHERE workflow_id IS NOT NULL
      AND ($since IS NULL OR time >= $since)
      AND ($until IS NULL OR time < $until)
    GROUP BY workflow_id
    UNION ALL
    SELECT workflow_id AS workflow, max(time) AS last_time
    FROM (
      SELECT time, event_name, workflow_id FROM base.other_logs
      UNION ALL
      SELECT time, event_name, workflow_id FROM looked_up
    )
    WHERE event_name = 'user_prompt'
      AND workflow_id IS NOT NULL
      AND ($since IS NULL OR time >= $since)
      AND ($until IS NULL OR time < $until)
    GROUP BY workflow_id
  )
  WHERE $workflow IS NULL OR workflow = $workflow
  GROUP BY workflow
  ORDER BY max(last_time) DESC
  LIMIT CASE
    WHEN $session IS NULL AND $stage IS NULL AND $task IS NULL AND $agent IS NULL THEN $limit
  END
),
spent AS (
  SELECT
    tags,
    found,
    session_id,
    model,
    min(base.began(time, duration_ms)) AS start_time,
    max(time) AS end_time,
    count(*) AS entries,
    count(requests) AS requests,
    sum(input_tokens) AS input_tokens,
    sum(output_tokens) AS output_tokens,
    sum(cache_read_tokens) AS cache_read_tokens,
    sum(cache_creation_tokens) AS cache_creation_tokens,
    sum(cost_usd) AS cost_usd
  FROM used
  WHERE workflow_id IS NOT NULL
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND workflow_id IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
  GROUP BY tags, found, session_id, model
),
prompted AS (
  SELECT
    tags,
    found,
    session_id,
    min(base.began(time, duration_ms)) AS start_time,
    max(time) AS end_time
  FROM logs
  WHERE event_name = 'user_prompt'
    AND workflow_id IS NOT NULL
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND workflow_id IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
  GROUP BY tags, found, session_id
),
worked AS (
  SELECT
    tags,
    found,
    session_id,
    min(base.began(time, duration_ms)) AS start_time,
    max(time) AS end_time,
    count(*) AS tool_calls
  FROM logs
  WHERE event_name = 'tool_result'
    AND workflow_id IS NOT NULL
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND workflow_id IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
  GROUP BY tags, found, session_id
),
failed AS (
  SELECT
    tags,
    found,
    session_id,
    min(base.began(time, duration_ms)) AS start_time,
    max(time) AS end_time,
    count(*) AS errors
  FROM logs
  WHERE event_name = 'api_error'
    AND workflow_id IS NOT NULL
    AND ($since IS NULL OR time >= $since)
    AND ($until IS NULL OR time < $until)
    AND ($session IS NULL OR session_id = $session)
    AND workflow_id IN (FROM newest)
    AND ($stage IS NULL OR coalesce(stage, '(none)') = $stage)
    AND ($task IS NULL OR coalesce(task_id, '(none)') = $task)
    AND ($agent IS NULL OR coalesce(agent, '(none)') = $agent)
  GROUP BY tags, found, session_id
),
told AS (
  SELECT
    coalesce(tags ->> 'workflow_id', found ->> 'workflow_id') AS workflow_id,
    coalesce(tags ->> 'stage', found ->> 'stage') AS stage,
    coalesce(tags ->> 'task_id', found ->> 'task_id') AS task_id,
    coalesce(tags ->> 'agent', found ->> 'agent') AS agent,
    * EXCLUDE (tags, found)
  FROM (
    FROM spent
    UNION ALL BY NAME
    FROM prompted
    UNION ALL BY NAME
    FROM worked
    UNION ALL BY NAME
    FROM failed
  )
),
runs AS (
  SELECT
    workflow_id,
    stage,
    task_id,
    agent,
    session_id,
    min(start_time) AS start_time,
    max(end_time) AS end_time,
    base.wall_seconds(start_time, end_time) AS wall_seconds,
    base.told_by(entries, requests) AS ledger,
    base.known_requests(entries, requests) AS requests,
    base.total(input_tokens) AS input_tokens,
    base.total(output_tokens) AS output_tokens,
    base.total(cache_read_tokens) AS cache_read_tokens,
    base.total(cache_creation_tokens) AS cache_creation_tokens,
    base.all_tokens(input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
      AS total_tokens,
    coalesce(sum(cost_usd), 0) AS cost_usd,
    base.cache_hit_rate(input_tokens, cache_read_tokens, cache_creation_tokens)
      AS cache_hit_rate,
    base.total(errors) AS errors,
    base.total(tool_calls) AS tool_calls,
    base.sorted(model) AS models
  FROM told
  GROUP BY workflow_id, stage, task_id, agent, session_id
),
shown AS (
  SELECT
    *,
    max(end_time) OVER (PARTITION BY workflow_id) AS workflow_end,
    row_number() OVER (
      PARTITION BY workflow_id ORDER BY start_time, end_time, stage, task_id, agent, session_id
    ) AS place
  FROM runs
  ORDER BY workflow_end DESC, workflow_id, place
  LIMIT $limit
),
laned AS (
  SELECT
    workflow_id,
    list_reduce(
      list_prepend(
        {
          starts: TIMESTAMPTZ '1970-01-01 00:00:00+00',
          ends: TIMESTAMPTZ '1970-01-01 00:00:00+00',
          taken: CAST([] AS TIMESTAMPTZ[]),
          lanes: CAST([] AS BIGINT[])
        },
        list(
          {
            starts: start_time,
            ends: end_time,
            taken: CAST([] AS TIMESTAMPTZ[]),
            lanes: CAST([] AS BIGINT[])
          } ORDER BY place
        )
      ),
      lambda done, run: {
        starts: run.starts,
        ends: run.ends,
        taken: CASE
          WHEN list_position(list_transform(done.taken, lambda free: free <= run.starts), true) IS NULL
            THEN list_append(done.taken, run.ends)
          ELSE list_transform(
            done.taken,
            lambda free, place: CASE
              WHEN place = list_position(
                list_transform(done.taken, lambda other: other <= run.starts), true
              ) THEN run.ends
              ELSE free
            END
          )
        END,
        lanes: list_append(
          done.lanes,
          coalesce(
            list_position(list_transform(done.taken, lambda free: free <= run.starts), true),
            len(done.taken) + 1
          )
        )
      }
    ).lanes AS lanes
  FROM shown
  GROUP BY workflow_id
)
SELECT
  workflow_id,
  CAST(lanes[place] AS BIGINT) AS lane,
  coalesce(stage, '(none)') AS stage,
  coalesce(task_id, '(none)') AS task_id,
  coalesce(agent, '(none)') AS agent,
  coalesce(session_id, '(none)') AS session_id,
  start_time,
  end_time,
  wall_seconds,
  ledger,
  requests,
  input_tokens,
  output_tokens,
  cache_read_tokens,
  cache_creation_tokens,
  total_tokens,
  cost_usd,
  cache_hit_rate,
  errors,
  tool_calls,
  array_to_string(models, ', ') AS models
FROM shown
JOIN laned USING (workflow_id)
ORDER BY workflow_end DESC, workflow_id, place;
