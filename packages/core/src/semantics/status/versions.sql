-- One row per version of Claude Code that was seen since a time, the newest in use first.
SELECT
  service_version AS version,
  count(DISTINCT session_id) AS sessions,
  max(time) AS last_time
FROM base.logs
WHERE time >= $since
  AND service_version IS NOT NULL
  AND event_name IS DISTINCT FROM 'stage_mark'
GROUP BY service_version
ORDER BY last_time DESC, version;
