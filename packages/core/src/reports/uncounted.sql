-- One row: points of metrics of tokens or cost that do not count, or not for all they may come to.
SELECT CAST(coalesce(sum(points), 0) AS BIGINT) AS points
FROM uncounted_metrics
WHERE ($since IS NULL OR last_time >= $since)
  AND ($until IS NULL OR first_time < $until)
  AND ($session IS NULL OR session_id = $session);
