import { type Canonical, canonicalLine } from "../../src/canonical/canonical.ts";
import type { Encoding, Signal } from "../../src/export-request.ts";

/** The line of a request, or what became of it instead. */
export function written(signal: Signal, encoding: Encoding, body: Uint8Array | string): string {
  return textOf(canonicalLine(signal, encoding, Buffer.from(body)));
}

/** The text of an outcome: its lines, or what became of the request instead. */
export function textOf(outcome: Canonical): string {
  return outcome.kind === "line"
    ? Buffer.concat(outcome.line).toString().replace(/\n$/, "")
    : outcome.kind === "empty"
      ? "(empty)"
      : `(${outcome.message})`;
}

/** A request with one record of logs. */
export const logs = (record: string): string =>
  `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[${record}]}]}]}`;
/** A request with one metric. */
export const metrics = (metric: string): string =>
  `{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{},"metrics":[${metric}]}]}]}`;
/** A request with one span. */
export const spans = (span: string): string =>
  `{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[${span}]}]}]}`;
