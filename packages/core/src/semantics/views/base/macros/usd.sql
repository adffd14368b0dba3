-- The cost of a request in USD, from billionths.
CREATE OR REPLACE MACRO base.usd(nano_usd) AS
  CAST(CAST(nano_usd AS DECIMAL(18, 0)) * 0.000000001 AS DECIMAL(18, 9));
