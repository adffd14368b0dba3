-- One row per distinct resource: who produced the telemetry.
CREATE TABLE base.resources (
  resource_id VARCHAR NOT NULL,
  service_name VARCHAR,
  service_version VARCHAR,
  host_name VARCHAR,
  tags JSON,
  attributes JSON NOT NULL,
  schema_url VARCHAR,
  other_fields JSON
);
