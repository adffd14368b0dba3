-- One row per model, time span and prompt length: the list price per million tokens.
CREATE TABLE prices (
  model VARCHAR NOT NULL,
  speed VARCHAR NOT NULL,
  valid_from TIMESTAMPTZ NOT NULL,
  valid_to TIMESTAMPTZ,
  prompt_tokens_from BIGINT NOT NULL,
  prompt_tokens_to BIGINT,
  input_usd_per_mtok DECIMAL(18,9) NOT NULL,
  output_usd_per_mtok DECIMAL(18,9) NOT NULL,
  cache_write_5m_usd_per_mtok DECIMAL(18,9) NOT NULL,
  cache_write_1h_usd_per_mtok DECIMAL(18,9) NOT NULL,
  cache_read_usd_per_mtok DECIMAL(18,9) NOT NULL,
  source VARCHAR NOT NULL,
  checked_on DATE NOT NULL,
  verified VARCHAR NOT NULL
);
