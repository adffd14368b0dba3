-- How far each of these files was read.
SELECT file_id, cursor_offset
FROM source_files
WHERE CAST(file_id AS VARCHAR) IN (SELECT unnest($file_ids));
