-- Adds the days of new events.
INSERT INTO base.request_days
FROM base.request_days_since($first)
EXCEPT
FROM base.request_days;
