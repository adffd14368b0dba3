-- What a number of tokens costs at a price per million, USD.
CREATE OR REPLACE MACRO base.token_cost(tokens, usd_per_mtok) AS
  CAST(coalesce(tokens, 0) AS DECIMAL(20, 0))
  * (CAST(usd_per_mtok AS DECIMAL(12, 6)) * 0.000001);
