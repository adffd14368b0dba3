-- What rows of base.usage come to, as one struct of sums that base.usage_totals adds up again. It has
-- columns as its arguments: of a row the engine would pack all columns first.
CREATE OR REPLACE MACRO base.usage_sums(
  requests, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_nano_usd,
  large_cost_usd
) AS {
  'entries': count(*),
  'requests': count(requests),
  'unpriced': count(CASE WHEN cost_nano_usd IS NULL THEN requests END),
  'input_tokens': sum(input_tokens),
  'output_tokens': sum(output_tokens),
  'cache_read_tokens': sum(cache_read_tokens),
  'cache_creation_tokens': sum(cache_creation_tokens),
  'cost_usd': base.sum_cost(cost_nano_usd, large_cost_usd)
};
