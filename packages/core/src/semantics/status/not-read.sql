-- One row per reason why lines were not read, the most frequent first.
SELECT reason, detail, CAST(sum(lines) AS BIGINT) AS lines
FROM rejected_lines
GROUP BY reason, detail
ORDER BY lines DESC, reason, detail
LIMIT 1000;
