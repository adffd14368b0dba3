-- What the first rung says that says anything, as a JSON object: session_map, mark, hook, trace,
-- agent. Something begun since a time, until another that is later only for what is measured in
-- between; where the marks changed meanwhile it is ambiguous, as it is where stages are open side by
-- side, unless one of them was given to the very agent. `said` is that of base.evidence; `asker` has
-- prompt_id, agent_id and agent_name, `span` trace_id and span_id of the record.
CREATE OR REPLACE MACRO base.ladder(said, since, until, asker, span) AS
  coalesce(
    said.session_tags,
    CASE
      WHEN said.times[len(list_filter(said.times, lambda edge: edge <= until))] > since
        THEN '{"attribution":"ambiguous"}'
      WHEN (said.mark_tags[len(list_filter(said.times, lambda edge: edge <= until))] ->> 'stage') IS NULL
        THEN said.by_agent[len(list_filter(said.times, lambda edge: edge <= until))][
            coalesce(said.subagents[asker.agent_id] ->> 'agent', asker.agent_name)
          ]
    END,
    said.mark_tags[len(list_filter(said.times, lambda edge: edge <= until))],
    said.subagents[asker.agent_id],
    said.prompts[asker.prompt_id],
    said.prompt_tags[len(list_filter(said.prompt_times, lambda edge: edge <= until))],
    said.traces[span.trace_id || ':' || span.span_id],
    said.traces[span.trace_id],
    base.agent_tags(asker.agent_name)
  );
