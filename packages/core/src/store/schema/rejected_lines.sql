-- One row per line, or part of a line, that could not be stored as it was; one per file and kind for
-- text beside telemetry.
CREATE TABLE rejected_lines (
  file_id UUID NOT NULL,
  path VARCHAR NOT NULL,
  byte_offset BIGINT NOT NULL,
  byte_length BIGINT NOT NULL,
  line_hash VARCHAR NOT NULL,
  reason VARCHAR NOT NULL,
  detail VARCHAR NOT NULL,
  records_kept BIGINT NOT NULL,
  text VARCHAR NOT NULL,
  rejected_at TIMESTAMPTZ NOT NULL,
  lines BIGINT DEFAULT 1
);
