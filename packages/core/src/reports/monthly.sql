-- One row per month with requests, and part of its usage where a split was asked for; newest last.
FROM (
  SELECT * EXCLUDE (sums), unnest(sums)
  FROM (
    SELECT
      strftime(timezone($tz, used.quarter), '%Y-%m') AS month,
      CASE WHEN $by IS NOT NULL THEN coalesce(used.part, '(none)') END AS part,
      base.usage_totals(used) AS sums
    FROM base.quarter_totals($by, $since, $until, $session, $workflow, $stage, $model) AS used
    GROUP BY month, used.part
  )
)
ORDER BY month, cost_usd DESC, part;
