-- One row per user and UTC day with requests that was noted from this row on.
SELECT sessionless, user_id, day
FROM base.request_days
WHERE rowid >= $mark;
