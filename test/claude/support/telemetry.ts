/** The ways in which telemetry is sent. */
export const protocols = ["http/json", "http/protobuf", "grpc"] as const;

export type Protocol = (typeof protocols)[number];

/** What a process is tagged with. */
export interface Tags {
  readonly workflow_id: string;
  readonly stage: string;
  readonly task_id: string;
  readonly agent: string;
}

/** Where telemetry is sent: URLs of a receiver. */
export interface Endpoints {
  readonly http: string;
  readonly grpc: string;
}

export interface Telemetry {
  readonly protocol: Protocol;
  readonly endpoints: Endpoints;
  readonly tags?: Tags | undefined;
  /** How often it is sent, ms; undefined leaves what the client does by itself. */
  readonly intervalMs?: number | undefined;
}

/** The environment with which a process of Claude Code sends its telemetry. */
export function telemetryEnvironment(telemetry: Telemetry): Readonly<Record<string, string>> {
  const { protocol, endpoints, tags, intervalMs } = telemetry;
  const interval = `${intervalMs}`;
  return {
    CLAUDE_CODE_ENABLE_TELEMETRY: "1",
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_LOGS_EXPORTER: "otlp",
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: protocol === "grpc" ? endpoints.grpc : endpoints.http,
    ...(intervalMs === undefined
      ? {}
      : { OTEL_METRIC_EXPORT_INTERVAL: interval, OTEL_LOGS_EXPORT_INTERVAL: interval }),
    ...(tags === undefined ? {} : { OTEL_RESOURCE_ATTRIBUTES: listed(tags) }),
  };
}

function listed(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
