-- One row per new log record of any other event since a time.
FROM base.live_events
WHERE row_id >= $mark AND time >= $detailed;
