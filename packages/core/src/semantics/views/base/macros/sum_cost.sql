-- The sum of costs of base.usage over a group, USD: NULL if none is known.
CREATE OR REPLACE MACRO base.sum_cost(cost_nano_usd, large_cost_usd) AS
  coalesce(
    base.usd_of_sum(sum(cost_nano_usd)) + sum(large_cost_usd),
    base.usd_of_sum(sum(cost_nano_usd)),
    sum(large_cost_usd)
  );
