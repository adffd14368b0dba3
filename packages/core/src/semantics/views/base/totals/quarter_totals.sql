-- One row per quarter of an hour and part: what its requests used. Every zone is a whole number of
-- quarters from UTC, so days of any zone are sums of quarters, and few of them need the zone's rules.
CREATE OR REPLACE MACRO base.quarter_totals(
  part_by, since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT
  make_timestamptz(epoch_us(time) // 900000000 * 900000000) AS quarter,
  part,
  count(*) AS entries,
  count(requests) AS requests,
  count(CASE WHEN cost_nano_usd IS NULL THEN requests END) AS unpriced,
  sum(input_tokens) AS input_tokens,
  sum(output_tokens) AS output_tokens,
  sum(cache_read_tokens) AS cache_read_tokens,
  sum(cache_creation_tokens) AS cache_creation_tokens,
  base.sum_cost(cost_nano_usd, large_cost_usd) AS cost_usd
FROM base.parts(part_by, since, until, only_session, only_workflow, only_stage, only_model)
GROUP BY ALL;
