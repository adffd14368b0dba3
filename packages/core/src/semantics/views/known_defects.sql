-- One row per known defect in what certain releases of Claude Code say of their usage, and model.
CREATE OR REPLACE VIEW known_defects AS
SELECT
  name,
  since_version,
  fixed_in_version,
  unnest(coalesce(models, [NULL])) AS model,
  requests_since,
  condition,
  concerns,
  effect
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
