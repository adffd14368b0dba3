-- Every folder and pattern that was imported or watched.
SELECT path, kind FROM source_places ORDER BY path;
