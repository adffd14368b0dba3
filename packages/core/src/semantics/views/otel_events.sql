-- One row per log record, in the columns of a plain table of events; event_name with its prefix.
CREATE OR REPLACE VIEW otel_events AS
SELECT
  record_id AS id,
  time AS received_at,
  time AS timestamp,
  'claude_code.' || event_name AS event_name,
  CAST(all_attributes AS JSON) AS attributes,
  session_id,
  prompt_id
FROM base.logs;
