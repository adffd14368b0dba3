-- One row per run of a stage: what one session did for one task; latest workflow first, within it in the order they began. Runs in one lane never overlap.
WITH newest AS (
  FROM base.newest_workflows(
    $since, $until, $workflow,
    CASE WHEN coalesce($session, $stage, $task, $agent) IS NULL THEN $limit END
  )
),
runs AS (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      part.workflow_id, part.stage, part.task_id, part.agent, part.session_id,
      base.totals(part, NULL) AS sums
    FROM (
      SELECT *, coalesce(usage_key_1, log_key) AS session_id
      FROM base.tag_totals(
        session_id, NULL, session_id, base.began(time, duration_ms),
        workflow_id IN (FROM newest)
        AND base.within(time, session_id, workflow_id, stage, $since, $until, $session, $workflow, $stage)
        AND base.of_task(task_id, agent, $task, $agent),
        NULL
      )
    ) AS part
    GROUP BY ALL
  )
),
shown AS (
  SELECT
    * EXCLUDE (first_time, last_time),
    first_time AS start_time,
    last_time AS end_time,
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
        {starts: NULL, ends: NULL, taken: CAST([] AS TIMESTAMPTZ[]), lanes: CAST([] AS BIGINT[])},
        list({starts: start_time, ends: end_time, taken: NULL, lanes: NULL} ORDER BY place)
      ),
      lambda done, run: {
        starts: run.starts,
        ends: run.ends,
        taken: list_concat(
          done.taken[:base.free_lane(done.taken, run.starts) - 1],
          [run.ends],
          done.taken[base.free_lane(done.taken, run.starts) + 1:]
        ),
        lanes: list_append(done.lanes, base.free_lane(done.taken, run.starts))
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
  start_time, end_time, wall_seconds, ledger, requests,
  input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, total_tokens,
  cost_usd, unpriced_requests, cache_hit_rate, errors, tool_calls,
  array_to_string(models, ', ') AS models
FROM shown
JOIN laned USING (workflow_id)
ORDER BY workflow_end DESC, workflow_id, place;
