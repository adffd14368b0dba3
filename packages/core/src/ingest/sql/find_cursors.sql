-- How far every known file was read, furthest first.
SELECT file_id, path, head_hash, cursor_offset, guard_length, guard_hash
FROM source_files
ORDER BY cursor_offset DESC, last_read_at DESC;
