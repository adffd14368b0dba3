-- One row per session of which more is told than its own tags: derived, and refreshed where marks and
-- spans are stored.
CREATE OR REPLACE TABLE base.evidence AS
FROM base.evidence_since(0, 0, 0);
