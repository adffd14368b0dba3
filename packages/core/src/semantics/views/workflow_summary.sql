-- One row per workflow, in the columns of a plain summary of workflows.
CREATE OR REPLACE VIEW workflow_summary AS
SELECT
  workflow_id,
  first_time AS started_at,
  last_time AS completed_at,
  wall_seconds AS duration_seconds,
  input_tokens AS total_input_tokens,
  output_tokens AS total_output_tokens,
  cache_read_tokens AS total_cache_read_tokens,
  cost_usd AS total_cost_usd,
  requests AS api_requests,
  unpriced_requests
FROM workflows;
