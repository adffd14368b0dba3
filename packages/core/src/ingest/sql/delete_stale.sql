-- A file at this path of which nothing was read is another file now.
DELETE FROM source_files WHERE path = $path AND cursor_offset = 0;
