-- Which part of all input tokens of a group was read from the cache; NULL without any.
CREATE OR REPLACE MACRO base.cache_hit_rate(input, cache_read, cache_creation) AS
  CAST(coalesce(sum(cache_read), 0) AS DOUBLE) / nullif(
    CAST(
      coalesce(sum(input), 0) + coalesce(sum(cache_read), 0) + coalesce(sum(cache_creation), 0)
      AS DOUBLE
    ),
    0
  );
