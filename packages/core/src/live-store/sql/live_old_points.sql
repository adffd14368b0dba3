-- One row per point of usage before a time that counts: the new ones of these sessions, or of none,
-- and all of sessions that are taken whole.
FROM base.live_points
WHERE row_id >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
UNION ALL
FROM base.live_points
WHERE row_id < $mark AND session_id IN (SELECT unnest($whole))
UNION ALL
FROM base.live_points
WHERE row_id >= $mark AND time < $detailed AND time >= $since AND session_id IS NULL;
