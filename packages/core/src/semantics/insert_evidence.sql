-- Derives the evidence of these sessions again.
INSERT INTO base.evidence
FROM base.evidence_since($other_logs, $api_request_logs, $spans);
