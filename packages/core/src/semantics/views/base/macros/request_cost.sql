-- The cost of a request, USD: as sent, or from millionths; NULL where neither was sent as a number.
CREATE OR REPLACE MACRO base.request_cost(cost_usd, cost_usd_micros) AS
  coalesce(cost_usd, TRY_CAST(cost_usd_micros * 0.000001 AS DECIMAL(18, 9)));
