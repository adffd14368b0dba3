-- One row per point of usage of a session that counts.
FROM base.live_points
WHERE session_id = $session;
