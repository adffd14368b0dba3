-- One row per mark of a stage before a time: the new ones of these sessions, and all of sessions that
-- are taken whole.
FROM base.live_events
WHERE event_name = 'stage_mark'
  AND row_id >= $mark AND time < $detailed AND session_id IN (SELECT unnest($sessions))
UNION ALL
FROM base.live_events
WHERE event_name = 'stage_mark'
  AND row_id < $mark AND session_id IN (SELECT unnest($whole));
