-- The requests of a group that have no price; NULL where only metrics tell of it.
CREATE OR REPLACE MACRO base.unpriced_requests(entries, requests, unpriced) AS
  CASE
    WHEN sum(entries) > 0 AND sum(requests) = 0 THEN NULL
    ELSE base.counted(unpriced)
  END;
