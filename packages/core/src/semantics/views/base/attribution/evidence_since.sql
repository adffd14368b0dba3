-- One row per session that has stage marks or spans of an orchestrator in addition to its own tags,
-- and of which something was stored from these rows on: what its marks and those spans say.
-- A stage is open from the mark that starts it to one that ends it, for good if none does. `times` are
-- those from which another set of stages is open; the next two lists hold what is said from each time.
CREATE OR REPLACE MACRO base.evidence_since(first_log, first_request, first_span) AS TABLE
WITH named AS MATERIALIZED (FROM base.stage_spans),
followed AS MATERIALIZED (
  SELECT DISTINCT session_id, trace_id, rowid >= first_request AS is_new
  FROM base.api_request_logs
  WHERE trace_id IN (SELECT trace_id FROM named) AND session_id IS NOT NULL
),
touched AS MATERIALIZED (
  SELECT session_id
  FROM base.other_logs
  WHERE event_name = 'stage_mark' AND session_id IS NOT NULL AND rowid >= first_log
  UNION
  SELECT session_id
  FROM followed
  WHERE is_new OR trace_id IN (SELECT trace_id FROM base.spans WHERE rowid >= first_span)
),
marks AS MATERIALIZED (
  FROM base.marks
  SEMI JOIN touched USING (session_id)
),
held AS MATERIALIZED (
  SELECT started.*, min(ended.time) AS until
  FROM marks AS started
  LEFT JOIN marks AS ended
    ON ended.session_id = started.session_id
    AND ended.action = 'end'
    AND ended.time > started.time
    AND coalesce(ended.stage, started.stage) = started.stage
    AND (ended.task_id IS NULL OR ended.task_id = started.task_id)
    AND (ended.agent IS NULL OR ended.agent = started.agent)
  WHERE started.action = 'start'
  GROUP BY ALL
),
open AS MATERIALIZED (
  SELECT edges.time AS since, edges.session_id, held.* EXCLUDE (session_id, time, until)
  FROM (
    SELECT session_id, time FROM held
    UNION
    SELECT session_id, until FROM held WHERE until IS NOT NULL
  ) AS edges
  LEFT JOIN held
    ON held.session_id = edges.session_id
    AND held.time <= edges.time
    AND (held.until IS NULL OR held.until > edges.time)
),
by_agent AS (
  SELECT session_id, since, map_from_entries(list({k: agent, v: agreed} ORDER BY agent)) AS agreed
  FROM (
    SELECT
      session_id,
      since,
      agent,
      base.agreed_tags(
        'mark', workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
      ) AS agreed
    FROM open
    WHERE agent IS NOT NULL
    GROUP BY session_id, since, agent
  )
  GROUP BY session_id, since
),
marked AS (
  SELECT
    session_id,
    list(since ORDER BY since) AS times,
    list(stages.agreed ORDER BY since) AS mark_tags,
    list(by_agent.agreed ORDER BY since) AS by_agent
  FROM (
    SELECT
      session_id,
      since,
      base.agreed_tags(
        'mark', workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
      ) AS agreed
    FROM open
    GROUP BY session_id, since
  ) AS stages
  LEFT JOIN by_agent USING (session_id, since)
  GROUP BY session_id
),
mapped AS (
  SELECT
    session_id,
    base.agreed_tags(
      'session_map', workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
    ) AS session_tags
  FROM marks
  WHERE action = 'session'
  GROUP BY session_id
),
prompted AS (
  SELECT
    session_id,
    list(time ORDER BY time, prompt_id NULLS FIRST) AS prompt_times,
    list(agreed ORDER BY time, prompt_id NULLS FIRST) AS prompt_tags,
    map_from_entries(list({k: prompt_id, v: agreed} ORDER BY prompt_id) FILTER (WHERE prompt_id IS NOT NULL)) AS prompts
  FROM (
    SELECT
      session_id,
      prompt_id,
      min(time) AS time,
      base.agreed_tags(
        'hook', workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
      ) AS agreed
    FROM marks
    WHERE action = 'prompt'
    GROUP BY session_id, prompt_id, CASE WHEN prompt_id IS NULL THEN time END
  )
  GROUP BY session_id
),
hooked AS (
  SELECT session_id, map_from_entries(list({k: agent_id, v: agreed} ORDER BY agent_id)) AS subagents
  FROM (
    SELECT
      session_id,
      agent_id,
      base.agreed_tags(
        'hook', workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
      ) AS agreed
    FROM marks
    WHERE action = 'subagent' AND agent_id IS NOT NULL
    GROUP BY session_id, agent_id
  )
  GROUP BY session_id
),
reached AS (
  SELECT followed.session_id, named.trace_id || ':' || span_id AS key, named.* EXCLUDE (span_id)
  FROM (SELECT DISTINCT session_id, trace_id FROM followed) AS followed
  JOIN named USING (trace_id)
  UNION ALL
  SELECT followed.session_id, named.trace_id AS key, named.* EXCLUDE (span_id)
  FROM (SELECT DISTINCT session_id, trace_id FROM followed) AS followed
  JOIN named USING (trace_id)
  LEFT JOIN (
    SELECT DISTINCT trace_id, session_id, parent_span_id
    FROM base.spans
    WHERE (trace_id, parent_span_id) IN (SELECT (trace_id, span_id) FROM named)
      AND stage IS NULL
  ) AS below
    ON below.trace_id = followed.trace_id
    AND below.session_id = followed.session_id
  WHERE below.parent_span_id IS NULL OR below.parent_span_id = named.span_id
),
traced AS (
  SELECT session_id, map_from_entries(list({k: key, v: agreed} ORDER BY key)) AS traces
  FROM (
    SELECT
      session_id,
      key,
      base.agreed_tags(
        'trace', workflow_id, workflow_path, complexity, stage, task_id, agent, model_expected
      ) AS agreed
    FROM reached
    GROUP BY session_id, key
  )
  GROUP BY session_id
)
SELECT
  session_id,
  {
    'session_tags': session_tags,
    'times': times,
    'mark_tags': mark_tags,
    'by_agent': by_agent,
    'prompts': prompts,
    'prompt_times': prompt_times,
    'prompt_tags': prompt_tags,
    'subagents': subagents,
    'traces': traces
  } AS said
FROM touched
LEFT JOIN mapped USING (session_id)
LEFT JOIN marked USING (session_id)
LEFT JOIN prompted USING (session_id)
LEFT JOIN hooked USING (session_id)
LEFT JOIN traced USING (session_id);
