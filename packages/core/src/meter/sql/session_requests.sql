-- One row per api_request of a session.
FROM base.live_requests
WHERE session_id = $session AND repeated IS NULL;
