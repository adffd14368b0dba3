-- Removes what is derived about the sessions that records stored from these rows on belong to.
DELETE FROM base.evidence
WHERE session_id IN (
  SELECT session_id FROM base.evidence_since($other_logs, $api_request_logs, $spans)
);
