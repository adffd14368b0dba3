-- One row per api_request event, or per increment of tokens or cost where a session has metrics only;
-- with the stage that was found for it, and how: found is NULL where there are only its own tags.
-- An increment of a billion dollars or more stands in large_cost_usd: as long as the costs of requests
-- are narrow, summing them takes half the time. base.sum_cost adds both.
CREATE OR REPLACE VIEW base.usage AS
FROM base.plain_usage
UNION ALL BY NAME
FROM base.found_usage;
