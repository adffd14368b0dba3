-- Keeps rejected lines of a file, each of them once, however many copies of its beginning there are.
INSERT INTO rejected_lines
SELECT
  CAST($file_id AS UUID), $path, byte_offset, byte_length, line_hash, reason, detail, records_kept,
  text, now(), lines
FROM (
  SELECT
    CAST(unnest($offsets) AS BIGINT) AS byte_offset,
    CAST(unnest($lengths) AS BIGINT) AS byte_length,
    unnest($hashes) AS line_hash,
    unnest($reasons) AS reason,
    unnest($details) AS detail,
    CAST(unnest($kept) AS BIGINT) AS records_kept,
    unnest($texts) AS text,
    CAST(unnest($lines) AS BIGINT) AS lines) AS rejected
WHERE NOT EXISTS (
  FROM rejected_lines AS known
  WHERE known.byte_offset = rejected.byte_offset
    AND known.line_hash = rejected.line_hash
    AND known.file_id IN (SELECT file_id FROM source_files WHERE head_hash = $head_hash));
