-- One row per new api_request since a time.
FROM base.live_requests
WHERE row_id >= $mark AND time >= $detailed AND repeated IS NULL;
