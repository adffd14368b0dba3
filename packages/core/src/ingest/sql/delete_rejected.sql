-- Forgets what was rejected from an offset on, since it is read again, and a fragment that was joined.
DELETE FROM rejected_lines
WHERE file_id = CAST($file_id AS UUID) AND (byte_offset >= $from OR byte_offset < $joined);
