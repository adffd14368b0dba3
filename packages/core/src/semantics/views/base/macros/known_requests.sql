-- The requests of a group; NULL if only metrics report it.
CREATE OR REPLACE MACRO base.known_requests(entries, requests) AS
  CASE
    WHEN sum(entries) > 0 AND sum(requests) = 0 THEN NULL
    ELSE CAST(coalesce(sum(requests), 0) AS BIGINT)
  END;
