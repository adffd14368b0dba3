-- One row per model that anything is known of, by its one name.
SELECT DISTINCT canonical_model AS model
FROM (
  SELECT DISTINCT canonical_model FROM base.api_request_logs
  UNION ALL
  SELECT DISTINCT canonical_model FROM base.metric_points
  UNION ALL
  SELECT DISTINCT canonical_model FROM base.other_logs
)
WHERE canonical_model IS NOT NULL
ORDER BY model;
