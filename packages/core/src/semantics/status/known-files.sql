-- One row per file that was read and may still grow: its path, the latest first.
SELECT path
FROM source_files
WHERE path <> '-' AND framing NOT IN ('gzip', 'zstd')
ORDER BY last_read_at DESC, path;
