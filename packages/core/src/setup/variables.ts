/** How Claude Code may send its telemetry. */
export const protocols = ["http/protobuf", "http/json", "grpc"] as const;

export type Protocol = (typeof protocols)[number];

/** What a set-up sends, and where to. Texts of prompts, answers and tools are sent only when asked for. */
export interface TelemetryChoices {
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly prompts: boolean;
  readonly responses: boolean;
  readonly toolDetails: boolean;
  readonly traces: boolean;
  /** The token a receiver wants; undefined for none. */
  readonly token: string | undefined;
}

/** An environment variable of Claude Code's telemetry. */
export interface Variable {
  readonly name: string;
  readonly value: string;
  /**
   * `needed`: without it nothing arrives. `asked`: the user asked for it. `preferred`: another
   * value does as well, and stays.
   */
  readonly rank: "needed" | "asked" | "preferred";
}

/** The ports of OTLP, where `collect` and a Collector listen. */
const ports: Readonly<Record<Protocol, number>> = {
  "http/protobuf": 4318,
  "http/json": 4318,
  grpc: 4317,
};

/** Where a receiver on this machine listens for a protocol. */
export function defaultEndpoint(protocol: Protocol): string {
  return `http://127.0.0.1:${ports[protocol]}`;
}

/**
 * The variables that make Claude Code send its telemetry. Short intervals: what a running session
 * uses is seen at once, and a session that is killed loses a second of events and ten of metrics.
 */
export function telemetryVariables(choices: TelemetryChoices): readonly Variable[] {
  return [
    needed("CLAUDE_CODE_ENABLE_TELEMETRY", "1"),
    needed("OTEL_METRICS_EXPORTER", "otlp"),
    needed("OTEL_LOGS_EXPORTER", "otlp"),
    needed("OTEL_EXPORTER_OTLP_PROTOCOL", choices.protocol),
    needed("OTEL_EXPORTER_OTLP_ENDPOINT", choices.endpoint),
    preferred("OTEL_LOGS_EXPORT_INTERVAL", "1000"),
    preferred("OTEL_METRIC_EXPORT_INTERVAL", "10000"),
    ...(choices.token === undefined ? [] : [asked(HEADERS, bearer(choices.token))]),
    ...contentVariables(choices),
    ...(choices.traces
      ? [asked("CLAUDE_CODE_ENHANCED_TELEMETRY_BETA", "1"), asked("OTEL_TRACES_EXPORTER", "otlp")]
      : []),
  ];
}

const HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";

/** Headers are a list, percent-encoded. */
const bearer = (token: string): string =>
  `Authorization=Bearer%20${token.replace(/[^\w.~-]/g, encodeURIComponent)}`;

/** Whether a token is among the variables. */
export function holdsToken(variables: readonly Variable[]): boolean {
  return variables.some(({ name }) => name === HEADERS);
}

/** What may be shown of a variable: a token may not. */
export function shownValue(name: string, value: string): string {
  return name.endsWith("_HEADERS") ? "•••" : value;
}

/**
 * Variables that hold for one signal only, win over the general one, and so may send what a set-up
 * asks for elsewhere; each with the general one's value.
 */
export function overridingVariables(
  wanted: readonly Variable[],
): readonly { readonly name: string; readonly general: string }[] {
  const value = (name: string): string => wanted.find((each) => each.name === name)?.value ?? "";
  return ["METRICS", "LOGS", "TRACES"]
    .filter((signal) => value(`OTEL_${signal}_EXPORTER`) !== "")
    .flatMap((signal) =>
      ["PROTOCOL", "ENDPOINT"].map((what) => ({
        name: `OTEL_EXPORTER_OTLP_${signal}_${what}`,
        general: value(`OTEL_EXPORTER_OTLP_${what}`),
      })),
    );
}

function contentVariables(choices: TelemetryChoices): readonly Variable[] {
  const { prompts, responses, toolDetails } = choices;
  return [
    ...(prompts ? [asked("OTEL_LOG_USER_PROMPTS", "1")] : []),
    // Unset, answers would follow the prompts.
    ...(prompts || responses ? [asked("OTEL_LOG_ASSISTANT_RESPONSES", responses ? "1" : "0")] : []),
    ...(toolDetails ? [asked("OTEL_LOG_TOOL_DETAILS", "1")] : []),
  ];
}

const needed = (name: string, value: string): Variable => ({ name, value, rank: "needed" });
const asked = (name: string, value: string): Variable => ({ name, value, rank: "asked" });
const preferred = (name: string, value: string): Variable => ({ name, value, rank: "preferred" });
