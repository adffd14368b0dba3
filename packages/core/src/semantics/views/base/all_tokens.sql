-- The sum of all four types of tokens over a group.
CREATE OR REPLACE MACRO base.all_tokens(input, output, cache_read, cache_creation) AS
  TRY_CAST(
    coalesce(sum(input), 0) + coalesce(sum(output), 0)
    + coalesce(sum(cache_read), 0) + coalesce(sum(cache_creation), 0) AS BIGINT
  );
