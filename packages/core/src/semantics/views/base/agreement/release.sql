-- The numbers of a release, for comparing: '2.0.76' is [2, 0, 76]; NULL for what is no release.
CREATE OR REPLACE MACRO base.release(version) AS
  CASE
    WHEN regexp_full_match(version, '[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}([-+].*)?')
      THEN CAST(string_split(regexp_extract(version, '^[0-9.]+'), '.') AS INTEGER[])
  END;
