-- Where a member of a JSON object is found by its name, whatever characters that has.
CREATE OR REPLACE MACRO base.member(name) AS
  '/' || replace(replace(name, '~', '~0'), '/', '~1');
