-- One row per user and UTC day with api_request events, apart for those without a session id: derived,
-- and added to where events are stored.
CREATE OR REPLACE TABLE base.request_days AS
FROM base.request_days_since(0);
