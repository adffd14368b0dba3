-- One row per distinct instrumentation scope.
CREATE TABLE base.scopes (
  scope_id VARCHAR NOT NULL,
  name VARCHAR,
  version VARCHAR,
  attributes JSON NOT NULL,
  schema_url VARCHAR,
  other_fields JSON
);
