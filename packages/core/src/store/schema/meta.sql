-- One row: what this database is.
CREATE TABLE base.meta (
  schema_version INTEGER NOT NULL,
  definition VARCHAR NOT NULL,
  created_by VARCHAR NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);
