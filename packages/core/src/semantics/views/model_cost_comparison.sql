-- One row per model and stage: what the model costs there.
CREATE OR REPLACE VIEW model_cost_comparison AS
SELECT
  model,
  stage,
  nullif(count(requests), 0) AS request_count,
  coalesce(sum(cost_usd), 0) AS total_cost,
  CAST(
    sum(cost_usd) FILTER (WHERE requests IS NOT NULL) / nullif(count(requests), 0)
    AS DECIMAL(38, 9)
  ) AS avg_cost_per_request,
  TRY_CAST(coalesce(sum(input_tokens), 0) AS BIGINT) AS total_input_tokens,
  TRY_CAST(coalesce(sum(output_tokens), 0) AS BIGINT) AS total_output_tokens
FROM base.usage
GROUP BY model, stage;
