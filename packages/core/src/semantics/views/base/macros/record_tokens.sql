-- All four types of tokens of one record, exact beyond BIGINT.
CREATE OR REPLACE MACRO base.record_tokens(input, output, cache_read, cache_creation) AS
  CAST(coalesce(input, 0) AS HUGEINT) + coalesce(output, 0)
  + coalesce(cache_read, 0) + coalesce(cache_creation, 0);
