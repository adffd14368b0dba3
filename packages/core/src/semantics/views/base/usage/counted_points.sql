-- One row per data point of a metric of Claude Code that counts; of a histogram the sum of its values.
CREATE OR REPLACE VIEW base.counted_points AS
SELECT * REPLACE (coalesce(value, distribution_sum) AS value)
FROM base.metric_points
WHERE counting IS NOT NULL;
