import { collectorConfig, defaultEndpoint, telemetryVariables } from "@cctelemetry/core/light";

/** What makes Claude Code send its telemetry to this machine, as `init` sets it. */
export const exportVariables: string = telemetryVariables({
  protocol: "http/protobuf",
  endpoint: defaultEndpoint("http/protobuf"),
  prompts: false,
  responses: false,
  toolDetails: false,
  traces: false,
  token: undefined,
})
  .map(({ name, value }) => `export ${name}=${value}\n`)
  .join("");

/** The configuration of a Collector that writes what Claude Code sends into a folder, as `init` writes it. */
export function collectorConfiguration(telemetryFolder: string): string {
  return collectorConfig({ telemetryFolder, rotateMegabytes: 0, owner: undefined });
}
