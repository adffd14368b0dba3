-- One row per new point of usage since a time that counts.
FROM base.live_points
WHERE row_id >= $mark AND time >= $detailed;
