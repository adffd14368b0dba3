-- A folder or pattern, unless another process has noted it meanwhile.
INSERT INTO source_places
SELECT $path, $kind, now()
WHERE NOT EXISTS (FROM source_places WHERE path = $path);
