-- One row per data point that counts: of a sum, with a finite value, not marked as without one.
CREATE OR REPLACE VIEW base.counted_points AS
SELECT *
FROM base.metric_points
WHERE data_type = 'sum'
  AND isfinite(value)
  AND (
    other_fields IS NULL
    OR coalesce(TRY_CAST(json_extract_string(other_fields, '$.flags') AS BIGINT), 0) & 1 = 0
  );
