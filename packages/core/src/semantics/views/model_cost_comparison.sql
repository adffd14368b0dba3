-- One row per model and stage: what the model costs there.
CREATE OR REPLACE VIEW model_cost_comparison AS
SELECT
  canonical_model AS model,
  stage,
  nullif(count(requests), 0) AS request_count,
  base.sum_cost(cost_nano_usd, large_cost_usd) AS total_cost,
  CAST(
    base.usd_of_sum(sum(cost_nano_usd) FILTER (WHERE requests IS NOT NULL))
    / nullif(count(cost_nano_usd) FILTER (WHERE requests IS NOT NULL), 0)
    AS DECIMAL(38, 9)
  ) AS avg_cost_per_request,
  base.total(input_tokens) AS total_input_tokens,
  base.total(output_tokens) AS total_output_tokens,
  CASE
    WHEN count(requests) > 0 THEN count(requests) FILTER (WHERE cost_nano_usd IS NULL)
  END AS unpriced_requests
FROM base.usage
GROUP BY canonical_model, stage;
