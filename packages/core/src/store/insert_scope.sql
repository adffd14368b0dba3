-- Keeps the scopes that are not known yet.
INSERT INTO base.scopes
SELECT given.*
FROM (
  SELECT unnest(from_json($rows, '[{
    "scope_id": "VARCHAR", "name": "VARCHAR", "version": "VARCHAR", "attributes": "VARCHAR",
    "schema_url": "VARCHAR", "other_fields": "VARCHAR"}]'), max_depth := 2)) AS given
WHERE NOT EXISTS (FROM base.scopes AS known WHERE known.scope_id = given.scope_id);
