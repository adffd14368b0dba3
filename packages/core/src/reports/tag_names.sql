-- One row per name of a tag that usage in a range carries, except those of workflows; the most used first.
SELECT name
FROM (
  SELECT unnest(json_keys(tags)) AS name, entries
  FROM (
    SELECT tags, count(*) AS entries
    FROM base.usage
    WHERE base.within(time, session_id, NULL, NULL, $since, $until, $session, NULL, NULL)
    GROUP BY tags
  )
)
WHERE name NOT IN (
  'workflow_id', 'workflow_path', 'complexity', 'stage', 'task_id', 'agent', 'model_expected',
  'session.id', 'user.id'
)
GROUP BY name
ORDER BY sum(entries) DESC, name
LIMIT 100;
