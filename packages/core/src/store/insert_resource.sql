-- Keeps a resource that is not known yet.
INSERT INTO base.resources
SELECT $resource_id, $service_name, $service_version, $host_name, $tags, $attributes, $schema_url, $other_fields
WHERE NOT EXISTS (FROM base.resources WHERE resource_id = $resource_id);
