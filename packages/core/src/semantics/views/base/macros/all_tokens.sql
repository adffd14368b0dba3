-- The sum of all four types of tokens over a group.
CREATE OR REPLACE MACRO base.all_tokens(input, output, cache_read, cache_creation) AS
  base.total(input) + base.total(output) + base.total(cache_read) + base.total(cache_creation);
