-- One row per file that was read, the latest first.
SELECT
  path,
  framing,
  cursor_offset,
  size_bytes,
  lines,
  records,
  (
    SELECT coalesce(sum(line.lines), 0)::BIGINT FROM rejected_lines AS line
    WHERE line.file_id = file.file_id
  ) AS rejected_lines,
  first_read_at,
  last_read_at,
  head_hash,
  guard_length,
  guard_hash
FROM source_files AS file
ORDER BY last_read_at DESC, path;
