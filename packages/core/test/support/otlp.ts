import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Attributes = Readonly<Record<string, string | number | bigint | boolean>>;

/** A log record of Claude Code. */
export interface Event {
  readonly at: string;
  readonly name: string;
  readonly attributes?: Attributes;
  readonly resource?: Attributes;
}

/** A data point of a sum. */
export interface Point {
  readonly at: string;
  readonly from?: string;
  readonly metric: string;
  readonly value: number | string;
  readonly integer?: boolean;
  readonly flags?: number;
  readonly temporality?: "delta" | "cumulative" | "unspecified";
  readonly monotonic?: boolean;
  readonly attributes?: Attributes;
  readonly resource?: Attributes;
}

/** An api_request with ten input tokens, one of each other kind, and a cost of a cent. */
export function request(at: string, attributes: Attributes = {}, resource: Attributes = {}): Event {
  const used = {
    "session.id": "s1",
    model: "claude-opus-5-5",
    input_tokens: 10,
    output_tokens: 1,
    cache_read_tokens: 1,
    cache_creation_tokens: 1,
    cost_usd: 0.01,
  };
  return { at, name: "api_request", attributes: { ...used, ...attributes }, resource };
}

/** A line of a file as a Collector writes it. */
export function line(record: Event | Point): string {
  const resource = { attributes: encoded({ "service.name": "claude-code", ...record.resource }) };
  if ("name" in record) {
    const attributes = encoded({ "event.name": record.name, ...record.attributes });
    const body = { stringValue: `claude_code.${record.name}` };
    const logRecords = [{ timeUnixNano: nanos(record.at), body, attributes }];
    return JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] });
  }
  const value =
    record.integer === true ? { asInt: String(record.value) } : { asDouble: record.value };
  const point = {
    attributes: encoded(record.attributes ?? {}),
    timeUnixNano: nanos(record.at),
    startTimeUnixNano: nanos(record.from ?? record.at),
    ...(record.flags === undefined ? {} : { flags: record.flags }),
    ...value,
  };
  const sum = {
    dataPoints: [point],
    aggregationTemporality: ["unspecified", "delta", "cumulative"].indexOf(
      record.temporality ?? "delta",
    ),
    isMonotonic: record.monotonic ?? true,
  };
  const metrics = [{ name: `claude_code.${record.metric}`, sum }];
  return JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
}

/** Writes records to a file of their own and gives its path. */
export async function fileOf(...records: readonly (Event | Point)[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "cctelemetry-")), "telemetry.jsonl");
  await writeFile(path, records.map((record) => `${line(record)}\n`).join(""));
  return path;
}

/** Writes any number of records to files, some thousand in each, and gives their paths. */
export async function filesOf(records: readonly (Event | Point)[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (let at = 0; at < records.length; at += 5000) {
    paths.push(await fileOf(...records.slice(at, at + 5000)));
  }
  return paths;
}

function nanos(at: string): string {
  return `${BigInt(Date.parse(at)) * 1_000_000n}`;
}

function encoded(attributes: Attributes): unknown[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: wrapped(value) }));
}

function wrapped(value: string | number | bigint | boolean): unknown {
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "string") return { stringValue: value };
  const whole = typeof value === "bigint" || Number.isSafeInteger(value);
  return whole ? { intValue: String(value) } : { doubleValue: value };
}
