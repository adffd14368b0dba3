-- One row per log record of any other event of a session.
FROM base.live_events
WHERE session_id = $session;
