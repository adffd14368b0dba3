-- Forgets a partial line that was completed.
DELETE FROM rejected_lines WHERE file_id = CAST($file_id AS UUID) AND byte_offset = $mended;
