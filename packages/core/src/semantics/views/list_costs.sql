-- One row per api_request event: its cost as sent beside its cost at list price.
CREATE OR REPLACE VIEW list_costs AS
WITH asked AS (
  SELECT
    *,
    canonical_model AS price_model,
    base.price_speed(speed, model) AS price_speed,
    cache_creation_5m_tokens IS NOT NULL OR coalesce(cache_creation_tokens, 0) = 0
      AS cache_split_known,
    CAST(coalesce(input_tokens, 0) AS HUGEINT) + coalesce(cache_read_tokens, 0)
      + coalesce(cache_creation_tokens, 0) AS prompt_tokens
  FROM api_requests
)
SELECT
  asked.time,
  asked.session_id,
  asked.prompt_id,
  asked.request_id,
  asked.model,
  asked.price_model,
  asked.price_speed,
  asked.workflow_id,
  asked.stage,
  asked.task_id,
  asked.agent,
  asked.cost_usd,
  TRY_CAST(
    base.token_cost(asked.input_tokens, prices.input_usd_per_mtok)
    + base.token_cost(asked.output_tokens, prices.output_usd_per_mtok)
    + base.token_cost(asked.cache_read_tokens, prices.cache_read_usd_per_mtok)
    + base.token_cost(asked.cache_creation_1h_tokens, prices.cache_write_1h_usd_per_mtok)
    + base.token_cost(
      coalesce(
        asked.cache_creation_5m_tokens,
        CAST(asked.cache_creation_tokens AS HUGEINT) - coalesce(asked.cache_creation_1h_tokens, 0)
      ),
      prices.cache_write_5m_usd_per_mtok
    ) AS DECIMAL(38, 9)
  ) AS list_cost_usd,
  asked.cache_split_known,
  prices.verified AS price_verified
FROM asked
LEFT JOIN prices
  ON prices.model = asked.price_model
  AND prices.speed = asked.price_speed
  AND asked.time >= prices.valid_from
  AND (prices.valid_to IS NULL OR asked.time < prices.valid_to)
  AND asked.prompt_tokens >= prices.prompt_tokens_from
  AND (prices.prompt_tokens_to IS NULL OR asked.prompt_tokens < prices.prompt_tokens_to);
