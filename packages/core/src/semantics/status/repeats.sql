-- One row: how many records of requests since a time do not count since others of the same request do,
-- and what the latest thousand of them differ in, most frequent first.
WITH seen AS (
  FROM repeated_requests
  WHERE time >= $since
),
differences AS (
  SELECT name, count(*) AS times
  FROM (
    SELECT unnest(differs_in) AS name
    FROM (FROM seen ORDER BY time DESC, record_id LIMIT 1000)
  )
  GROUP BY name
)
SELECT
  (SELECT count(*) FROM seen) AS records,
  (SELECT count(DISTINCT request_id) FROM seen) AS requests,
  (SELECT list(name ORDER BY times DESC, name) FROM differences) AS differs_in;
