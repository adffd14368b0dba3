-- One row per api_request event that has only its own tags.
CREATE OR REPLACE VIEW base.plain_usage AS
SELECT
  'events' AS ledger,
  CAST(1 AS BIGINT) AS requests,
  *,
  CAST(NULL AS DECIMAL(38, 9)) AS large_cost_usd,
  CAST(NULL AS VARCHAR) AS found
FROM base.plain_requests;
