-- The first of several tags, or attributes of the record, that has a value.
CREATE OR REPLACE MACRO base.any_tag(tags, attributes, names) AS
  list_filter(
    list_transform(
      list_transform(names, lambda name: '/' || replace(replace(name, '~', '~0'), '/', '~1')),
      lambda pointer: coalesce(
        nullif(json_extract_string(tags, pointer), ''),
        nullif(json_extract_string(attributes, pointer), '')
      )
    ),
    lambda found: found IS NOT NULL
  )[1];
