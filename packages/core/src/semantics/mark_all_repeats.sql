-- Marks the records of requests of which others count, in a database of another version.
UPDATE base.api_request_logs AS request
SET repeated = found.repeated
FROM base.repeats_since(0) AS found
WHERE request.rowid = found.stored_row AND request.repeated IS DISTINCT FROM found.repeated;
