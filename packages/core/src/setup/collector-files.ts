import { KnownError } from "../errors.ts";

/** What the files for an OpenTelemetry Collector depend on. */
export interface CollectorInput {
  /** Folder the telemetry is written to, absolute. */
  readonly telemetryFolder: string;
  /** Size in MiB at which a file is rotated; 0 for a single file that grows. */
  readonly rotateMegabytes: number;
  /** User and group a container should write as; undefined where the system has none. */
  readonly owner: { readonly user: number; readonly group: number } | undefined;
}

/** The Collector these files were written for. */
const IMAGE = "otel/opentelemetry-collector-contrib:0.150.0";

const FOLDER_IN_CONTAINER = "/telemetry";

/**
 * The configuration of a Collector: OTLP on this machine's loopback in, one line of JSON for each
 * request out. There is no batching: a request is answered when it is written, and sent again when
 * that failed. KnownError where the folder has a name that cannot be written there.
 */
export function collectorConfig({ telemetryFolder, rotateMegabytes }: CollectorInput): string {
  if (/[$}]/.test(telemetryFolder)) {
    throw new KnownError(
      "bad-argument",
      `A Collector cannot be configured to write to ${telemetryFolder}.`,
      {
        hint: 'Choose a folder without "$" and "}" by CCTELEMETRY_HOME.',
      },
    );
  }
  const folder = telemetryFolder.replaceAll("\\", "/");
  const path = `\${env:CCTELEMETRY_FOLDER:-${folder}}/collector.jsonl`;
  return `# An OpenTelemetry Collector that writes Claude Code's telemetry for cctelemetry.
# Start it with: otelcol --config collector.yaml   or: docker compose up -d
receivers:
  otlp:
    protocols:
      http:
        endpoint: "\${env:CCTELEMETRY_LISTEN:-127.0.0.1}:4318"
      grpc:
        endpoint: "\${env:CCTELEMETRY_LISTEN:-127.0.0.1}:4317"

processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: 256
    spike_limit_mib: 64

exporters:
  file:
    path: ${JSON.stringify(path)}
    format: json
${rotateMegabytes > 0 ? rotating(rotateMegabytes) : growing}
service:
  telemetry:
    metrics:
      level: none
  pipelines:
${["metrics", "logs", "traces"].map(pipeline).join("")}`;
}

/** A compose file that runs the Collector with that configuration, reachable from this machine only. */
export function composeFile({ telemetryFolder, owner }: CollectorInput): string {
  const user = owner === undefined ? "" : `    user: "${owner.user}:${owner.group}"\n`;
  return `# Start with: docker compose up -d
services:
  collector:
    image: ${IMAGE}
    command: ["--config=/etc/cctelemetry/collector.yaml"]
${user}    restart: unless-stopped
    mem_limit: 512m
    ports:
      - "127.0.0.1:4317:4317"
      - "127.0.0.1:4318:4318"
    environment:
      # Inside its container; the ports above are those of this machine's loopback alone.
      CCTELEMETRY_LISTEN: "0.0.0.0"
      CCTELEMETRY_FOLDER: ${FOLDER_IN_CONTAINER}
    volumes:
      - type: bind
        source: ./collector.yaml
        target: /etc/cctelemetry/collector.yaml
        read_only: true
      - type: bind
        source: ${JSON.stringify(telemetryFolder)}
        target: ${FOLDER_IN_CONTAINER}
`;
}

const growing = `    # Goes on with the file that is there; without this each start would empty it.
    append: true
    flush_interval: 1s
`;

/** The Collector refuses `append` beside `rotation`. */
const rotating = (
  megabytes: number,
): string => `    # With rotation the Collector always goes on with the file that is there and writes at once:
    # "append: true" beside it is refused, "flush_interval: 1s" would be without effect.
    rotation:
      max_megabytes: ${megabytes}
      max_backups: 100
`;

const pipeline = (signal: string): string => `    ${signal}:
      receivers: [otlp]
      processors: [memory_limiter]
      exporters: [file]
`;
