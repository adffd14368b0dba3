-- Which part of a sum another sum is; NULL where there is nothing to be part of.
CREATE OR REPLACE MACRO base.share(part, whole) AS
  CAST(coalesce(sum(part), 0) AS DOUBLE) / nullif(CAST(sum(whole) AS DOUBLE), 0);
