-- One row per file that was read: what it is and how far it was read.
CREATE TABLE source_files (
  file_id UUID NOT NULL,
  path VARCHAR NOT NULL,
  framing VARCHAR NOT NULL,
  head_hash VARCHAR NOT NULL,
  cursor_offset BIGINT NOT NULL,
  guard_length INTEGER NOT NULL,
  guard_hash VARCHAR NOT NULL,
  size_bytes BIGINT NOT NULL,
  lines BIGINT NOT NULL,
  records BIGINT NOT NULL,
  first_read_at TIMESTAMPTZ NOT NULL,
  last_read_at TIMESTAMPTZ NOT NULL
);
