-- One row per folder or pattern that was imported or watched: what is new in it is read again.
CREATE TABLE source_places (
  path VARCHAR NOT NULL,
  kind VARCHAR NOT NULL,
  noted_at TIMESTAMPTZ NOT NULL
);
