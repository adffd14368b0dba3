-- Marks the records of requests of which others count, among those of which a record is new.
UPDATE base.api_request_logs AS request
SET repeated = found.repeated
FROM base.repeats_since($first) AS found
WHERE request.rowid = found.stored_row AND request.repeated IS DISTINCT FROM found.repeated;
