-- The cost of a group as far as it is known, USD: 0 without usage, NULL where nothing of it has a price.
CREATE OR REPLACE MACRO base.known_cost(entries, cost_usd) AS
  CASE WHEN sum(entries) > 0 THEN sum(cost_usd) ELSE 0 END;
