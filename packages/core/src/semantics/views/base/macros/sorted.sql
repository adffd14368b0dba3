-- The different texts of a group, sorted; an empty list without any.
CREATE OR REPLACE MACRO base.sorted(item) AS
  coalesce(list_sort(list_distinct(list(item) FILTER (WHERE item IS NOT NULL))), []);
