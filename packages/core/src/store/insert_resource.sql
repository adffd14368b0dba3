-- Keeps the resources that are not known yet.
INSERT INTO base.resources
SELECT given.*
FROM (
  SELECT unnest(from_json($rows, '[{
    "resource_id": "VARCHAR", "service_name": "VARCHAR", "service_version": "VARCHAR",
    "host_name": "VARCHAR", "tags": "VARCHAR", "attributes": "VARCHAR", "schema_url": "VARCHAR",
    "other_fields": "VARCHAR"}]'), max_depth := 2)) AS given
WHERE NOT EXISTS (FROM base.resources AS known WHERE known.resource_id = given.resource_id);
