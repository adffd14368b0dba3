-- One row per session, metric of tokens or cost and reason for which points of it do not count, or not
-- for all that they may come to.
CREATE OR REPLACE VIEW uncounted_metrics AS
SELECT * EXCLUDE (canonical_metric)
FROM base.uncounted;
