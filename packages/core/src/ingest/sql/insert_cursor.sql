-- A file that was not known before.
INSERT INTO source_files
SELECT
  CAST($file_id AS UUID), $path, $framing, $head_hash, $cursor_offset, $guard_length, $guard_hash,
  $size_bytes, $lines, $records, now(), now();
