-- Keeps a scope that is not known yet.
INSERT INTO base.scopes
SELECT $scope_id, $name, $version, $attributes, $schema_url, $other_fields
WHERE NOT EXISTS (FROM base.scopes WHERE scope_id = $scope_id);
