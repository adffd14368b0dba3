-- One row per series of usage without a session id: its last point before a time, from which later
-- ones grow.
FROM base.live_points
WHERE session_id IS NULL AND time < $since AND counting <> 'delta'
QUALIFY row_number() OVER (
  PARTITION BY metric_name, series_id, start_time, start_time_nanos
  ORDER BY time DESC, time_nanos DESC, value DESC
) = 1;
