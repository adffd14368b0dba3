import type { StoreDefinition } from "../../src/store/schema.ts";

/** Views enough to ask something, one of them in a schema, one of them hostile. */
export const definition: StoreDefinition = {
  statements: [
    "CREATE OR REPLACE VIEW api_requests AS SELECT range AS id, 'claude' AS model, 0.5::DECIMAL(18,9) AS cost_usd FROM range(20000)",
    "CREATE SCHEMA IF NOT EXISTS otel",
    "CREATE OR REPLACE VIEW otel.logs AS SELECT * FROM api_requests",
    "CREATE OR REPLACE VIEW trap AS SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '/tmp/cctelemetry-trap')",
    "CREATE OR REPLACE MACRO any_table(name) AS TABLE SELECT * FROM query_table(name)",
  ],
};
