-- One row per user and UTC day with api_request events among those stored from this row on, apart for
-- those without a session id.
CREATE OR REPLACE MACRO base.request_days_since(first_row) AS TABLE
SELECT DISTINCT
  session_id IS NULL AS sessionless,
  user_id,
  base.day_of(time) AS day
FROM base.api_request_logs
WHERE rowid >= first_row;
