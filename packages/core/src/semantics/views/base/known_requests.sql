-- The requests of a group; NULL where only metrics tell of it.
CREATE OR REPLACE MACRO base.known_requests(entries, requests) AS
  CASE
    WHEN sum(entries) > 0 AND sum(requests) = 0 THEN NULL
    ELSE CAST(coalesce(sum(requests), 0) AS BIGINT)
  END;
