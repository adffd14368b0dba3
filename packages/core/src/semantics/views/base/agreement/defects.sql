-- The known defects of releases as rows, with the numbers of the releases: made once, for reading them
-- out of their list would be more work than what they are asked for.
CREATE OR REPLACE TABLE base.defects AS
SELECT
  name,
  since_version,
  fixed_in_version,
  unnest(coalesce(models, [NULL])) AS model,
  requests_since,
  condition,
  concerns,
  effect,
  base.release(since_version) AS since_release,
  base.release(fixed_in_version) AS fixed_in_release
FROM (
  SELECT unnest(
    from_json(
      base.known_defects(),
      '[{
        "name": "VARCHAR", "since_version": "VARCHAR", "fixed_in_version": "VARCHAR",
        "models": ["VARCHAR"], "requests_since": "TIMESTAMPTZ", "condition": "VARCHAR",
        "concerns": "VARCHAR", "effect": "VARCHAR"
      }]'
    ),
    recursive := true
  )
);
