-- One row per ISO week with requests, and part of its usage where a split was asked for; newest last.
SELECT
  strftime(timezone($tz, quarter), '%G-W%V') AS week,
  strftime(date_trunc('week', timezone($tz, quarter)), '%Y-%m-%d') AS monday,
  CASE WHEN $by IS NOT NULL THEN coalesce(part, '(none)') END AS part,
  base.told_by(entries, requests) AS ledger,
  base.known_requests(entries, requests) AS requests,
  base.total(input_tokens) AS input_tokens,
  base.total(output_tokens) AS output_tokens,
  base.total(cache_read_tokens) AS cache_read_tokens,
  base.total(cache_creation_tokens) AS cache_creation_tokens,
  base.all_tokens(input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens)
    AS total_tokens,
  coalesce(sum(cost_usd), 0) AS cost_usd,
  base.cache_hit_rate(input_tokens, cache_read_tokens, cache_creation_tokens)
    AS cache_hit_rate
FROM base.quarter_totals($by, $since, $until, $session, $workflow, $stage, $model)
GROUP BY ALL
ORDER BY monday, cost_usd DESC, part;
