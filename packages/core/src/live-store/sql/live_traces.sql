-- One row per session of these in which spans of an orchestrator name stages: what each says.
SELECT session_id, said.traces AS traces
FROM base.evidence
WHERE said.traces IS NOT NULL AND session_id IN (SELECT unnest($sessions));
