-- Adds the ways that new requests and points came.
INSERT INTO base.routes
SELECT found.*
FROM base.routes_since($api_request_logs, $metric_points) AS found
WHERE NOT EXISTS (
  FROM base.routes AS known
  WHERE known.measured = found.measured
    AND known.session_id IS NOT DISTINCT FROM found.session_id
    AND known.resource_id IS NOT DISTINCT FROM found.resource_id
    AND known.scope_id IS NOT DISTINCT FROM found.scope_id
);
