-- One row per session, the newest first.
SELECT
  coalesce(session_id, '(none)') AS session_id,
  * EXCLUDE (session_id) REPLACE (array_to_string(models, ', ') AS models)
FROM base.sessions($since, $until, $session, $workflow, $stage, $model)
ORDER BY last_time DESC, session_id
LIMIT $limit;
