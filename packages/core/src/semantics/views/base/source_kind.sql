-- Who asked, by query_source as api_request events have it.
CREATE OR REPLACE MACRO base.source_kind(query_source) AS
  CASE
    WHEN query_source IS NULL OR query_source IN ('', 'sdk') THEN 'main'
    WHEN starts_with(query_source, 'repl_main_thread') THEN 'main'
    WHEN starts_with(query_source, 'agent:') OR query_source = 'hook_agent' THEN 'subagent'
    ELSE 'auxiliary'
  END;
