-- What the usage of a group comes to, as one struct that a report or view unnests into its columns.
-- `part` is a row of sums over a part of the group, as base.partial_totals and base.quarter_totals
-- have them.
CREATE OR REPLACE MACRO base.usage_totals(part) AS {
  'ledger': base.ledger_of(part.entries, part.requests),
  'requests': base.known_requests(part.entries, part.requests),
  'input_tokens': base.total(part.input_tokens),
  'output_tokens': base.total(part.output_tokens),
  'cache_read_tokens': base.total(part.cache_read_tokens),
  'cache_creation_tokens': base.total(part.cache_creation_tokens),
  'total_tokens': base.all_tokens(
    part.input_tokens, part.output_tokens, part.cache_read_tokens, part.cache_creation_tokens
  ),
  'cost_usd': base.known_cost(part.entries, part.cost_usd),
  'unpriced_requests': base.unpriced_requests(part.entries, part.requests, part.unpriced),
  'cache_hit_rate': base.cache_hit_rate(
    part.input_tokens, part.cache_read_tokens, part.cache_creation_tokens
  )
};
