-- Keeps a rejected line once.
INSERT INTO rejected_lines
SELECT
  CAST($file_id AS UUID), $path, $byte_offset, $byte_length, $line_hash, $reason, $detail,
  $records_kept, $text, now()
WHERE NOT EXISTS (
  FROM rejected_lines
  WHERE file_id = CAST($file_id AS UUID) AND byte_offset = $byte_offset AND line_hash = $line_hash);
