-- The value that all rows of a group have; NULL where they differ, or where none has one.
CREATE OR REPLACE MACRO base.common(value) AS
  CASE WHEN min(coalesce(value, '')) = max(coalesce(value, '')) THEN max(value) END;
