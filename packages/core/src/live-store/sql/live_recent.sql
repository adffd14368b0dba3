-- One row per event of the last ones before a time: those that are counted in groups.
SELECT *, 'requests' AS source_table
FROM (
  FROM base.live_requests
  WHERE row_id >= $requests AND time >= $since AND time < $detailed AND repeated IS NULL
  ORDER BY time DESC, id DESC
  LIMIT $limit
)
UNION ALL BY NAME
FROM (
  FROM base.live_events
  WHERE row_id >= $others AND time >= $since AND time < $detailed
  ORDER BY time DESC, id DESC
  LIMIT $limit
);
