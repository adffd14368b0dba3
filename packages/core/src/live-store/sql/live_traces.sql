-- One row per session of these in which spans of an orchestrator name stages: what each says.
SELECT session_id, traces
FROM base.evidence
WHERE traces IS NOT NULL AND session_id IN (SELECT unnest($sessions));
