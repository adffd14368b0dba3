-- One row per api_request event, in the columns of a plain table of requests.
CREATE OR REPLACE VIEW otel_api_request_events AS
SELECT
  time AS timestamp,
  'claude_code.api_request' AS event_name,
  * EXCLUDE (time)
FROM api_requests;
