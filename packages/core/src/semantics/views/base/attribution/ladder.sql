-- What the first rung says that says anything, as a JSON object: session_map, mark, hook, trace,
-- agent. Something begun since a time, until another that is later only for what is measured in
-- between; where the marks changed meanwhile it is ambiguous, as it is where stages are open side by
-- side, unless one of them was given to the very agent.
CREATE OR REPLACE MACRO base.ladder(
  session_tags, times, mark_tags, by_agent, prompts, prompt_times, prompt_tags, subagents, traces,
  since, until, prompt_id, agent_id, agent_name, trace_id, span_id
) AS
  coalesce(
    session_tags,
    CASE
      WHEN times[len(list_filter(times, lambda edge: edge <= until))] > since
        THEN '{"attribution":"ambiguous"}'
      WHEN (mark_tags[len(list_filter(times, lambda edge: edge <= until))] ->> 'stage') IS NULL
        THEN by_agent[len(list_filter(times, lambda edge: edge <= until))][
            coalesce(subagents[agent_id] ->> 'agent', agent_name)
          ]
    END,
    mark_tags[len(list_filter(times, lambda edge: edge <= until))],
    subagents[agent_id],
    prompts[prompt_id],
    prompt_tags[len(list_filter(prompt_times, lambda edge: edge <= until))],
    traces[trace_id || ':' || span_id],
    traces[trace_id],
    base.agent_tags(agent_name)
  );
