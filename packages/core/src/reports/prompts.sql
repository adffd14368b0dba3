-- One row per prompt of a session, in their order; what belongs to none is the last row.
SELECT
  prompt,
  coalesce(prompt_id, '(none)') AS prompt_id,
  max(command_name) AS command_name,
  max(prompt_length) AS prompt_length,
  array_to_string(base.sorted(stage), ', ') AS stages,
  min(start_time) AS first_time,
  max(time) AS last_time,
  base.wall_seconds(start_time, time) AS wall_seconds,
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
  count(*) FILTER (WHERE step = 'error') AS errors,
  count(*) FILTER (WHERE step = 'tool') AS tool_calls,
  count(*) FILTER (WHERE step = 'tool' AND outcome = 'failed') AS tool_failures,
  count(*) FILTER (WHERE step = 'subagent') AS subagents,
  array_to_string(base.sorted(model), ', ') AS models
FROM base.steps($session)
WHERE ($since IS NULL OR time >= $since)
  AND ($until IS NULL OR time < $until)
GROUP BY prompt, prompt_id
ORDER BY prompt NULLS LAST
LIMIT $limit;
