-- One row per session that used models with known defects: which.
CREATE OR REPLACE VIEW base.defective_models AS
SELECT session_id, list(canonical_model) AS models
FROM (
  SELECT DISTINCT session_id, canonical_model
  FROM base.api_request_logs
  WHERE canonical_model IN (SELECT model FROM base.defects WHERE model IS NOT NULL)
)
GROUP BY session_id;
