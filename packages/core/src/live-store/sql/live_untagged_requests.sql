-- One row per api_request before a time that has no stage of its own, in a session in which marks or
-- traces may name one: the new ones of these sessions, and all of sessions that are taken whole.
FROM base.live_requests
WHERE row_id >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
  AND stage IS NULL AND session_id IN (SELECT session_id FROM base.evidence) AND repeated IS NULL
UNION ALL
FROM base.live_requests
WHERE row_id < $mark AND session_id IN (SELECT unnest($whole))
  AND stage IS NULL AND session_id IN (SELECT session_id FROM base.evidence) AND repeated IS NULL;
