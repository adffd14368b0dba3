-- One row per quarter of an hour and part: what its requests used. Every zone is a whole number of
-- quarters from UTC, so days of any zone are sums of quarters, and few of them need the zone's rules.
CREATE OR REPLACE MACRO base.quarter_totals(
  part_by, since, until, only_session, only_workflow, only_stage, only_model
) AS TABLE
SELECT * EXCLUDE (sums), unnest(sums)
FROM (
  SELECT
    make_timestamptz(epoch_us(time) // 900000000 * 900000000) AS quarter,
    part,
    base.usage_sums(
      requests, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
      cost_nano_usd, large_cost_usd
    ) AS sums
  FROM base.parts(part_by, since, until, only_session, only_workflow, only_stage, only_model)
  GROUP BY ALL
);
