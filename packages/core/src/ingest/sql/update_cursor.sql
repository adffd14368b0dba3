-- Moves the cursor of a known file; another process may have read further meanwhile.
UPDATE source_files
SET
  path = $path,
  framing = $framing,
  guard_length = CASE WHEN $cursor_offset >= cursor_offset THEN $guard_length ELSE guard_length END,
  guard_hash = CASE WHEN $cursor_offset >= cursor_offset THEN $guard_hash ELSE guard_hash END,
  cursor_offset = greatest(cursor_offset, $cursor_offset),
  size_bytes = greatest(size_bytes, $size_bytes),
  lines = lines + $lines,
  records = records + $records,
  last_read_at = now()
WHERE file_id = CAST($file_id AS UUID) AND head_hash = $head_hash;
