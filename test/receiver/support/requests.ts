import {
  isScalarType,
  type MessageName,
  messageShapes,
  requestMessages,
  type ScalarType,
} from "@cctelemetry/core/otlp";
import { wire } from "../../../packages/core/test/support/wire.ts";
import type { Encoding, Signal } from "../../../packages/receiver/src/export-request.ts";

export type { Encoding, Signal };

export const signals: readonly Signal[] = ["logs", "metrics", "traces"];
export const encodings: readonly Encoding[] = ["json", "protobuf"];

/** The media type of each encoding. */
export const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};

/** One export request with one record, known again by its id. */
export interface Sample {
  readonly signal: Signal;
  readonly id: string;
  /** As the Collector writes it, without the line feed. */
  readonly line: string;
  readonly body: (encoding: Encoding) => Buffer;
}

const resource = { attributes: [text("service.name", "claude-code")] };
const scope = { name: "com.anthropic.claude_code", version: "2.1.329" };

/** The greatest number of 64 bits: it passes through no double. */
const HUGE = "9223372036854775807";

/**
 * A request with a record of its own.
 *
 * @param id stands in the record: `request_id`, the name of a metric's series, or of a span
 * @param padding characters of a further attribute
 */
export function sample(signal: Signal, id: string, padding = 0): Sample {
  const json = shapes[signal](id, padding);
  const line = JSON.stringify(json);
  return {
    signal,
    id,
    line,
    body: (encoding) => (encoding === "json" ? Buffer.from(line) : encodeRequest(signal, json)),
  };
}

type Json = Readonly<Record<string, unknown>>;

const shapes: Readonly<Record<Signal, (id: string, padding: number) => Json>> = {
  logs: (id, padding) => ({
    resourceLogs: [
      {
        resource,
        scopeLogs: [{ scope, logRecords: [requestRecord(id, padding)] }],
      },
    ],
  }),
  metrics: (id, padding) => ({
    resourceMetrics: [
      {
        resource,
        scopeMetrics: [{ scope, metrics: [tokenMetric(id, padding)] }],
      },
    ],
  }),
  traces: (id, padding) => ({
    resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span(id, padding)] }] }],
  }),
};

function requestRecord(id: string, padding: number): Json {
  return {
    timeUnixNano: "1795225155298000001",
    observedTimeUnixNano: "1795225155298000001",
    severityNumber: 9,
    body: { stringValue: "claude_code.api_request" },
    attributes: [
      text("event.name", "api_request"),
      text("session.id", "11111111-2222-4333-8444-555555555555"),
      text("model", "claude-opus-5-5"),
      ...known(id, padding),
      { key: "input_tokens", value: { intValue: "1000" } },
      { key: "cost_usd", value: { doubleValue: 0.25 } },
      { key: "huge", value: { intValue: HUGE } },
      { key: "yes", value: { boolValue: true } },
      { key: "list", value: { arrayValue: { values: [{ stringValue: "<&>\u2028" }] } } },
    ],
    traceId: "919fbebac17904cf563d0d570d402494",
    spanId: "c2481becde8f1b4a",
  };
}

function tokenMetric(id: string, padding: number): Json {
  return {
    name: "claude_code.token.usage",
    description: "Number of tokens used",
    unit: "tokens",
    sum: {
      dataPoints: [
        {
          attributes: [text("session.id", "s"), ...known(id, padding)],
          startTimeUnixNano: "1795225155298000001",
          timeUnixNano: "1795225165298000001",
          asInt: HUGE,
        },
      ],
      aggregationTemporality: 1,
      isMonotonic: true,
    },
  };
}

function span(id: string, padding: number): Json {
  return {
    traceId: "919fbebac17904cf563d0d570d402494",
    spanId: "c2481becde8f1b4a",
    parentSpanId: "696a8092f2f28dda",
    flags: 257,
    name: "claude_code.tool",
    kind: 1,
    startTimeUnixNano: "1795225155298000001",
    endTimeUnixNano: "1795225165298000001",
    attributes: known(id, padding),
    status: {},
  };
}

function known(id: string, padding: number): readonly Json[] {
  const id_ = text("request_id", id);
  return padding === 0 ? [id_] : [id_, text("padding", "ö".repeat(padding))];
}

function text(key: string, value: string): Json {
  return { key, value: { stringValue: value } };
}

/** The id of the sample that a written line holds; undefined for a line of something else. */
export function sampleId(line: string): string | undefined {
  return /"key":"request_id","value":\{"stringValue":"([^"]*)"/.exec(line)?.[1];
}

/** A request in protobuf; it must be in the Collector's own JSON. */
export function encodeRequest(signal: Signal, json: Json): Buffer {
  return encodeMessage(requestMessages[signal], json);
}

function encodeMessage(message: MessageName, json: Json): Buffer {
  const fields = Object.entries(json).flatMap(([name, value]) => {
    const shape = messageShapes[message][name];
    if (shape === undefined) throw new Error(`${message} has no field ${name}`);
    const [id, type, presence] = shape;
    const one = (item: unknown): Buffer => {
      if (presence === "hex") return wire.of(id, Buffer.from(String(item), "hex"));
      if (!isScalarType(type)) return wire.of(id, encodeMessage(type, item as Json));
      return scalars[type](id, item);
    };
    return presence === "repeated" ? (value as unknown[]).map(one) : [one(value)];
  });
  return Buffer.concat(fields);
}

type EncodeScalar = (id: number, value: unknown) => Buffer;

const varint: EncodeScalar = (id, value) => wire.varint(id, BigInt(value as string | number));
const fixed64: EncodeScalar = (id, value) => wire.fixed64(id, BigInt(value as string | number));
const zigzag: EncodeScalar = (id, value) => {
  const number = Number(value);
  return wire.varint(id, number < 0 ? -2 * number - 1 : 2 * number);
};

const scalars: Readonly<Record<ScalarType, EncodeScalar>> = {
  string: (id, value) => wire.of(id, String(value)),
  bytes: (id, value) => wire.of(id, Buffer.from(String(value), "base64")),
  bool: (id, value) => wire.varint(id, value === true ? 1 : 0),
  int32: varint,
  uint32: varint,
  sint32: zigzag,
  fixed32: (id, value) => wire.fixed32(id, Number(value)),
  int64: varint,
  uint64: varint,
  fixed64,
  sfixed64: fixed64,
  double: (id, value) => wire.double(id, Number(value)),
};
