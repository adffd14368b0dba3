-- One row per session that has stage marks or spans of an orchestrator in addition to its own tags:
-- derived, and refreshed when marks and spans are stored.
CREATE OR REPLACE TABLE base.evidence AS
FROM base.evidence_since(0, 0, 0);
