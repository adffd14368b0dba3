-- The names of the known defects that make numbers of a session wrong, by its release, the models it
-- used and when it ended, in alphabetical order; NULL where there are none. A condition that telemetry
-- does not show is met by few: those defects are not named.
CREATE OR REPLACE MACRO base.defects_of(of_version, used_models, ended) AS (
  SELECT list(DISTINCT name ORDER BY name)
  FROM known_defects
  WHERE concerns = 'usage'
    AND condition IS NULL
    AND base.release(of_version) >= base.release(since_version)
    AND (fixed_in_version IS NULL OR base.release(of_version) < base.release(fixed_in_version))
    AND (model IS NULL OR list_contains(used_models, model))
    AND (requests_since IS NULL OR ended >= requests_since)
);
