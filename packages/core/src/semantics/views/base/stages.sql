-- One row per stage of a workflow; rows of NULL are what carries no stage.
CREATE OR REPLACE MACRO base.stages(
  since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT
  workflow_id,
  stage,
  min(first_time) AS first_time,
  max(last_time) AS last_time,
  base.wall_seconds(first_time, last_time) AS wall_seconds,
  base.total(prompts) AS prompts,
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
  base.total(tool_failures) AS tool_failures,
  base.sorted(model) AS models,
  base.share(unattributed_usd, cost_usd) AS unattributed_share
FROM base.tag_totals(since, until, only_session, only_workflow, only_stage, only_model)
GROUP BY workflow_id, stage;
