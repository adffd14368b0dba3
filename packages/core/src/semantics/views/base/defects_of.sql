-- The names of the known defects of a release, in alphabetical order; NULL where there are none.
CREATE OR REPLACE MACRO base.defects_of(version) AS (
  SELECT list(name ORDER BY name)
  FROM known_defects
  WHERE base.release(version) >= base.release(since_version)
    AND base.release(version) < base.release(fixed_in_version)
);
