-- One row per data point that counts: with a finite value, and not marked as without one.
CREATE OR REPLACE VIEW base.counted_points AS
SELECT *
FROM base.metric_points
WHERE isfinite(value)
  AND (
    other_fields IS NULL
    OR coalesce(TRY_CAST(json_extract_string(other_fields, '$.flags') AS BIGINT), 0) & 1 = 0
  );
