-- One row per path that telemetry was read from and may come from again, the latest first: files
-- that may still grow, and folders and patterns.
SELECT path, false AS is_place, last_read_at AS used_at
FROM source_files
WHERE path <> '-' AND framing NOT IN ('gzip', 'zstd')
UNION ALL
SELECT path, true AS is_place, noted_at AS used_at
FROM source_places
ORDER BY used_at DESC, path;
