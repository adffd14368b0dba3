-- How the stage was found: by the record's own tag, or by the rung that `found` names.
CREATE OR REPLACE MACRO base.attribution(found, stage) AS
  CASE
    WHEN found IS NOT NULL THEN found ->> 'attribution'
    WHEN stage IS NULL THEN 'none'
    ELSE 'tag'
  END;
