-- One row per session and way that its requests and its points came: derived, and added to where these
-- are stored, so that reports need not go through all of them for the few sessions that they ask for.
CREATE OR REPLACE TABLE base.routes AS
FROM base.routes_since(0, 0);
