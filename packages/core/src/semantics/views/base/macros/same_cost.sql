-- Whether metrics and events say the same cost of some requests, USD: each may be rounded to a millionth,
-- and metrics are sums of doubles. Metrics without any cost agree with events that cost nothing.
CREATE OR REPLACE MACRO base.same_cost(metric_cost_usd, event_cost_usd, requests) AS
  coalesce(
    abs(CAST(coalesce(metric_cost_usd, 0) - event_cost_usd AS DOUBLE))
    <= 0.000001 * greatest(1, requests) + 0.000000000001 * abs(CAST(event_cost_usd AS DOUBLE)),
    false
  );
