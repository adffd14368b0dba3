-- A tag of workflows out of the JSON of all tags: of that name, or the first that the settings let stand
-- for it.
CREATE OR REPLACE MACRO base.own_tag(tags, name) AS
  coalesce(
    nullif(json_extract_string(tags, '/' || name), ''),
    base.any_tag(
      tags,
      NULL,
      (SELECT list(tag ORDER BY rank) FROM base.own_tags WHERE column_name = name)
    )
  );
