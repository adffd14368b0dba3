-- Derives it anew.
INSERT INTO base.evidence
FROM base.evidence_since($other_logs, $api_request_logs, $spans);
