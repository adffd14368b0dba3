-- One row per session and way that its requests and its points came, among those stored from these rows
-- on: measured says which of the two.
CREATE OR REPLACE MACRO base.routes_since(first_request, first_point) AS TABLE
SELECT DISTINCT false AS measured, session_id, resource_id, scope_id
FROM base.api_request_logs
WHERE rowid >= first_request
UNION ALL
SELECT DISTINCT true AS measured, session_id, resource_id, scope_id
FROM base.metric_points
WHERE rowid >= first_point;
