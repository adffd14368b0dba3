-- The name of a model in the price list: without provider, date, version and size of context.
-- 'us.anthropic.claude-opus-4-8-20260501-v1:0' and 'claude-opus-4.8[1m]' are 'claude-opus-4-8'.
CREATE OR REPLACE MACRO base.canonical_model(model) AS
  regexp_replace(
    regexp_replace(
      regexp_replace(
        regexp_replace(lower(model), '^([a-z-]+[./])*anthropic[./]|^([a-z]+/)+', ''),
        '(\[[0-9a-z]+\]|-fast|-latest|@[0-9a-z]+|-v[0-9]+(:[0-9]+)?)+$',
        ''
      ),
      '-20[0-9]{6}$',
      ''
    ),
    '([0-9])\.([0-9])',
    '\1-\2'
  );
