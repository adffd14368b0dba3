-- The sum of costs of base.usage over a group, USD: NULL where none is known.
CREATE OR REPLACE MACRO base.sum_cost(cost_usd, large_cost_usd) AS
  coalesce(sum(cost_usd) + sum(large_cost_usd), sum(cost_usd), sum(large_cost_usd));
