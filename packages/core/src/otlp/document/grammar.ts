import { namesOfField } from "../field-names.ts";
import type { Signal } from "../protobuf/protobuf.ts";
import type { EntryLevel } from "./pass.ts";

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

/** Names of the lists of a request and the signal of each. */
export const requestKeys: ReadonlyMap<string, Signal> = new Map([
  ...namesOfField("resourceLogs").map((name) => [name, "logs"] as const),
  ...namesOfField("resourceMetrics").map((name) => [name, "metrics"] as const),
  ...namesOfField("resourceSpans").map((name) => [name, "traces"] as const),
]);

/** Names of what an entry describes. */
export const contextKeys: Readonly<Record<EntryLevel, readonly string[]>> = {
  resource: namesOfField("resource"),
  scope: namesOfField("scope"),
};

/** Names of the list of scopes in an entry. */
export const scopesKeys: Readonly<Record<Signal, readonly string[]>> = {
  logs: namesOfField("scopeLogs"),
  metrics: namesOfField("scopeMetrics"),
  traces: namesOfField("scopeSpans"),
};

/** Names of the list of records in a scope. */
export const recordsKeys: Readonly<Record<Signal, readonly string[]>> = {
  logs: namesOfField("logRecords"),
  metrics: namesOfField("metrics"),
  traces: namesOfField("spans"),
};
