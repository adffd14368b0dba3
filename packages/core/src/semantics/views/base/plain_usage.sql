-- One row per api_request event of which no more is told than its own tags.
CREATE OR REPLACE VIEW base.plain_usage AS
SELECT
  'events' AS ledger,
  CAST(1 AS BIGINT) AS requests,
  * REPLACE (
    coalesce(cost_usd, TRY_CAST(cost_usd_micros * 0.000001 AS DECIMAL(18, 9))) AS cost_usd
  )
FROM base.plain_requests;
