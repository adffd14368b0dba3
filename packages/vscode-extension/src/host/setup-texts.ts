/** What makes Claude Code send its telemetry to a Collector on the same machine. */
export const exportVariables: string = [
  "export CLAUDE_CODE_ENABLE_TELEMETRY=1",
  "export OTEL_LOGS_EXPORTER=otlp",
  "export OTEL_METRICS_EXPORTER=otlp",
  "export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
  "export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
  "",
].join("\n");

/** The configuration of a Collector that writes what Claude Code sends into a file. */
export function collectorConfiguration(path: string): string {
  return `receivers:
  otlp:
    protocols:
      grpc: { endpoint: 127.0.0.1:4317 }
      http: { endpoint: 127.0.0.1:4318 }
exporters:
  file:
    path: ${JSON.stringify(path)}
    append: true
    flush_interval: 1s
service:
  pipelines:
    logs: { receivers: [otlp], exporters: [file] }
    metrics: { receivers: [otlp], exporters: [file] }
    traces: { receivers: [otlp], exporters: [file] }
`;
}
