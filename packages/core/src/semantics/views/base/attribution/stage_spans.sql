-- One row per span that names a stage and is not Claude Code's own: one that an orchestrator opened.
CREATE OR REPLACE VIEW base.stage_spans AS
SELECT
  trace_id,
  span_id,
  workflow_id,
  workflow_path,
  complexity,
  stage,
  task_id,
  agent,
  model_expected
FROM base.spans
WHERE stage IS NOT NULL
  AND trace_id IS NOT NULL
  AND NOT starts_with(coalesce(span_name, ''), 'claude_code.');
