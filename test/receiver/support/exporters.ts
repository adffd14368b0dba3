import { Metadata } from "@grpc/grpc-js";
import { OTLPLogExporter as GrpcLogExporter } from "@opentelemetry/exporter-logs-otlp-grpc";
import { OTLPLogExporter as JsonLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtoLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPMetricExporter as GrpcMetricExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPMetricExporter as JsonMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtoMetricExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { OTLPTraceExporter as GrpcTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtoTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { LoggerProvider, type ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { MeterProvider, MetricReader, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { type ReadableSpan, TracerProvider } from "@opentelemetry/sdk-trace";
import type { Signal } from "./requests.ts";

/** The values of OTEL_EXPORTER_OTLP_PROTOCOL. */
export type Protocol = "http/json" | "http/protobuf" | "grpc";

export const protocols: readonly Protocol[] = ["http/json", "http/protobuf", "grpc"];

/** Where an exporter sends to, and how. */
export interface ExporterWish {
  readonly protocol: Protocol;
  readonly signal: Signal;
  /** The receiver's addresses: `127.0.0.1:4318`. */
  readonly http: string;
  readonly grpc: string;
  readonly gzip?: boolean;
  readonly token?: string;
  /** How long it tries again. */
  readonly timeoutMs?: number;
}

/** An exporter of OpenTelemetry's SDK for one signal. */
export interface Exporter {
  /** Sends one record for each id in one request; the error where the exporter gave up. */
  readonly send: (ids: readonly string[]) => Promise<Error | undefined>;
  readonly close: () => Promise<void>;
}

/** What the SDK calls an exporter, whatever it exports. */
interface SdkExporter<Items> {
  export(items: Items, done: (result: { readonly error?: Error }) => void): void;
  shutdown(): Promise<void>;
}

interface HttpConfig {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly compression: Compression;
  readonly timeoutMillis: number;
}

interface GrpcConfig {
  readonly url: string;
  readonly metadata: Metadata;
  readonly compression: Compression;
  readonly timeoutMillis: number;
}

type Compression = NonNullable<
  NonNullable<ConstructorParameters<typeof JsonLogExporter>[0]>["compression"]
>;

const TIMEOUT_MS = 10_000;

/** Makes an exporter of the SDK that sends to a receiver. */
export function exporter(wish: ExporterWish): Exporter {
  return makers[wish.signal](wish);
}

const makers: Readonly<Record<Signal, (wish: ExporterWish) => Exporter>> = {
  logs: (wish) =>
    exporterOf(logRecords, wish, {
      "http/json": (config) => new JsonLogExporter(config),
      "http/protobuf": (config) => new ProtoLogExporter(config),
      grpc: (config) => new GrpcLogExporter(config),
    }),
  metrics: (wish) =>
    exporterOf(metricPoints, wish, {
      "http/json": (config) => new JsonMetricExporter(config),
      "http/protobuf": (config) => new ProtoMetricExporter(config),
      grpc: (config) => new GrpcMetricExporter(config),
    }),
  traces: (wish) =>
    exporterOf(spans, wish, {
      "http/json": (config) => new JsonTraceExporter(config),
      "http/protobuf": (config) => new ProtoTraceExporter(config),
      grpc: (config) => new GrpcTraceExporter(config),
    }),
};

interface Makers<Items> {
  readonly "http/json": (config: HttpConfig) => SdkExporter<Items>;
  readonly "http/protobuf": (config: HttpConfig) => SdkExporter<Items>;
  readonly grpc: (config: GrpcConfig) => SdkExporter<Items>;
}

function exporterOf<Items>(
  items: (ids: readonly string[]) => Items | Promise<Items>,
  wish: ExporterWish,
  make: Makers<Items>,
): Exporter {
  const { protocol } = wish;
  const sdk = protocol === "grpc" ? make.grpc(grpcConfig(wish)) : make[protocol](httpConfig(wish));
  return {
    send: async (ids) => {
      const batch = await items(ids);
      return new Promise((resolve) => sdk.export(batch, ({ error }) => resolve(error)));
    },
    close: () => sdk.shutdown(),
  };
}

function common({ gzip = false, timeoutMs = TIMEOUT_MS }: ExporterWish) {
  return { compression: (gzip ? "gzip" : "none") as Compression, timeoutMillis: timeoutMs };
}

function httpConfig(wish: ExporterWish): HttpConfig {
  const { token } = wish;
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { ...common(wish), url: `http://${wish.http}/v1/${wish.signal}`, headers };
}

function grpcConfig(wish: ExporterWish): GrpcConfig {
  const metadata = new Metadata();
  if (wish.token !== undefined) metadata.set("authorization", `Bearer ${wish.token}`);
  return { ...common(wish), url: `http://${wish.grpc}`, metadata };
}

function logRecords(ids: readonly string[]): ReadableLogRecord[] {
  const records: ReadableLogRecord[] = [];
  const provider = new LoggerProvider({
    processors: [
      {
        onEmit: (record) => void records.push(record),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  const logger = provider.getLogger("com.anthropic.claude_code.events", "2.1.329");
  for (const id of ids) {
    logger.emit({
      body: "claude_code.api_request",
      attributes: { "event.name": "api_request", request_id: id, input_tokens: 1_000 },
    });
  }
  return records;
}

async function metricPoints(ids: readonly string[]): Promise<ResourceMetrics> {
  const reader = new ReaderOnDemand();
  const provider = new MeterProvider({ readers: [reader] });
  const counter = provider.getMeter("com.anthropic.claude_code").createCounter("tokens");
  for (const id of ids) counter.add(1_000, { request_id: id });
  const { resourceMetrics } = await reader.collect();
  return resourceMetrics;
}

class ReaderOnDemand extends MetricReader {
  protected override async onShutdown(): Promise<void> {
    // It holds nothing.
  }

  protected override async onForceFlush(): Promise<void> {
    // It exports nothing by itself.
  }
}

function spans(ids: readonly string[]): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const provider = new TracerProvider({
    spanProcessors: [
      {
        onStart: () => undefined,
        onEnd: (span) => void ended.push(span),
        forceFlush: async () => undefined,
        shutdown: async () => undefined,
      },
    ],
  });
  const tracer = provider.getTracer("com.anthropic.claude_code.tracing");
  for (const id of ids) tracer.startSpan("tool", { attributes: { request_id: id } }).end();
  return ended;
}
