-- Counts more lines of text that are known of a file.
UPDATE rejected_lines
SET lines = lines + CAST($lines AS BIGINT)
WHERE file_id = CAST($file_id AS UUID) AND reason = $reason AND detail = $detail;
