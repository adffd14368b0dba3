-- A sum of costs in USD, from billionths.
CREATE OR REPLACE MACRO base.usd_of_sum(nano_usd) AS
  CAST(nano_usd AS DECIMAL(38, 0)) * 0.000000001;
