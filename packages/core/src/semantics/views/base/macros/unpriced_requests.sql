-- The requests of a group that have no price; NULL if only metrics report it.
CREATE OR REPLACE MACRO base.unpriced_requests(entries, requests, unpriced) AS
  CASE
    WHEN sum(entries) > 0 AND sum(requests) = 0 THEN NULL
    ELSE base.counted(unpriced)
  END;
