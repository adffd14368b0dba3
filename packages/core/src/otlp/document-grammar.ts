import type { Signal } from "./protobuf.ts";

/** Depths of the grammar: a request holds entries, these hold scopes, these hold records. */
export const levels = {
  top: 0,
  request: 1,
  entries: 2,
  entry: 3,
  scopes: 4,
  scope: 5,
  records: 6,
} as const;

/** Names of the lists of a request and the signal each tells. */
export const requestKeys: ReadonlyMap<string, Signal> = new Map([
  ["resourceLogs", "logs"],
  ["resource_logs", "logs"],
  ["resourceMetrics", "metrics"],
  ["resource_metrics", "metrics"],
  ["resourceSpans", "traces"],
  ["resource_spans", "traces"],
]);

/** Names of the list of scopes in an entry. */
export const scopesKeys: Readonly<Record<Signal, readonly string[]>> = {
  logs: ["scopeLogs", "scope_logs"],
  metrics: ["scopeMetrics", "scope_metrics"],
  traces: ["scopeSpans", "scope_spans"],
};

/** Names of the list of records in a scope. */
export const recordsKeys: Readonly<Record<Signal, readonly string[]>> = {
  logs: ["logRecords", "log_records"],
  metrics: ["metrics"],
  traces: ["spans"],
};
