-- What was rejected of a file at this path of which nothing was read.
DELETE FROM rejected_lines
WHERE file_id IN (SELECT file_id FROM source_files WHERE path = $path AND cursor_offset = 0);
