-- What a group comes to, as one struct that a report or view unnests into its columns: `part` is a row
-- of base.partial_totals. Prompts and tools have no model: where one was asked for, they are unknown.
CREATE OR REPLACE MACRO base.totals(part, only_model) AS struct_concat(
  {
    'first_time': min(part.first_time),
    'last_time': max(part.last_time),
    'wall_seconds': base.wall_seconds(part.first_time, part.last_time),
    'prompts': CASE WHEN only_model IS NULL THEN base.counted(part.prompts) END
  },
  base.usage_totals(part),
  {
    'errors': base.counted(part.errors),
    'tool_calls': CASE WHEN only_model IS NULL THEN base.counted(part.tool_calls) END,
    'tool_failures': CASE WHEN only_model IS NULL THEN base.counted(part.tool_failures) END,
    'models': base.sorted(part.model),
    'unattributed_share': base.share(part.unattributed_usd, part.cost_usd)
  }
);
