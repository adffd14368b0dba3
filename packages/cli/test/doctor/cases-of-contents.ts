import type { Case } from "./case.ts";
import { settings, userEnv, wellSet } from "./facts.ts";

const tags = (value: string) => userEnv({ OTEL_RESOURCE_ATTRIBUTES: value });

/** What can be wrong with what Claude Code is set to send. */
export const casesOfContents: readonly Case[] = [
  [
    "60 tags, which Claude Code takes",
    tags(Array.from({ length: 60 }, (_, index) => `k${index}=v`).join(",")),
    "attributes",
    "ok",
    /60 tags, all well formed/,
  ],
  [
    "a space in a tag",
    tags("title=has space,ok=1"),
    "attributes",
    "warning",
    /not allowed.*: title$/m,
    /%20/,
  ],
  ["quotes in a tag", tags('a="q"'), "attributes", "warning", /not allowed/],
  ["letters beyond ASCII", tags("a=ü"), "attributes", "warning", /not allowed/],
  [
    "a tag without value",
    tags("alone,ok=1"),
    "attributes",
    "warning",
    /without a value.*: alone$/m,
  ],
  [
    "a name that is taken",
    tags("model=mine"),
    "attributes",
    "warning",
    /names that Claude Code uses.*: model$/m,
  ],
  ["a long tag", tags(`a=${"x".repeat(256)}`), "attributes", "warning", /longer than 255/],
  [
    "no session ids",
    userEnv({ OTEL_METRICS_INCLUDE_SESSION_ID: "false" }),
    "shape",
    "warning",
    /cannot be distinguished/,
  ],
  [
    "an interval in words",
    userEnv({ OTEL_LOGS_EXPORT_INTERVAL: "5s" }),
    "shape",
    "warning",
    /is "5s"/,
  ],
  [
    "texts of prompts",
    userEnv({ OTEL_LOG_USER_PROMPTS: "1" }),
    "shape",
    "note",
    /the text of prompts/,
  ],
  [
    "a proxy",
    { env: { HTTP_PROXY: "http://proxy:3128" } },
    "proxy",
    "failure",
    /goes to the proxy/,
    /Add 127.0.0.1 to NO_PROXY/,
  ],
  ...["http_proxy", "HTTPS_PROXY", "https_proxy"].map(
    (name): Case => [name, { env: { [name]: "http://p:1" } }, "proxy", "failure", /applies to/],
  ),
  ...["ALL_PROXY", "all_proxy"].map(
    (name): Case => [name, { env: { [name]: "http://p:1" } }, "proxy", "warning", /applies to/],
  ),
  ...["grpc_proxy", "https_proxy", "http_proxy", "HTTPS_PROXY", "GRPC_PROXY", "all_proxy"].map(
    (name): Case => [
      `${name} and gRPC`,
      {
        env: { [name]: "http://p:1" },
        ...userEnv({
          OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
          OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4317",
        }),
      },
      "proxy",
      /^[a-z_]+$/.test(name) && name !== "all_proxy" ? "failure" : "warning",
      /applies to localhost/,
    ],
  ),
  [
    "a proxy with exceptions for a network, which names are not in",
    {
      env: { HTTP_PROXY: "http://p:1", NO_PROXY: "127.0.0.0/8,.corp.example" },
      ...userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://localhost:4318" }),
    },
    "proxy",
    "failure",
    /applies to localhost/,
  ],
  [
    "a misspelt name",
    userEnv({ OTEL_EXPORTER_OLTP_HEADERS: "a=b" }),
    "names",
    "failure",
    /OTEL_EXPORTER_OLTP_HEADERS in \/h.*: OTEL_EXPORTER_OTLP_HEADERS is meant/,
    /Rename it/,
  ],
  [
    "a misspelt name beside the right one",
    { env: { OTEL_LOG_EXPORTER: "otlp" } },
    "names",
    "warning",
    /OTEL_LOGS_EXPORTER is set as well/,
  ],
  [
    "a block that is none",
    { settings: [{ ...settings(wellSet), strays: ["telemetry"] }] },
    "strays",
    "failure",
    /has "telemetry", which Claude Code does not know/,
    /init writes/,
  ],
  [
    "a value that is no text",
    { settings: [{ ...settings(wellSet), oddValues: ["OTEL_LOGS_EXPORTER"] }] },
    "strays",
    "warning",
    /has a value that is no text/,
  ],
  ...[" otlp ", '"otlp"', "otlp\n", "'otlp'"].map(
    (value): Case => [
      `${JSON.stringify(value)} with something around it`,
      userEnv({ OTEL_METRICS_EXPORTER: value }),
      "blanks",
      "warning",
      /OTEL_METRICS_EXPORTER in \/h.* has blanks or quotes/,
    ],
  ),
  ...["OTLP", "oltp", "otlp;console"].map(
    (value): Case => [
      `exporter ${value}`,
      userEnv({ OTEL_LOGS_EXPORTER: value }),
      "exporters",
      "failure",
      /which is not one of otlp, console, none, prometheus/,
    ],
  ),
  [
    "telemetry on the screen",
    userEnv({ OTEL_LOGS_EXPORTER: "otlp,console" }),
    "exporters",
    "note",
    /printed into the terminal/,
  ],
  [
    "an interval in seconds",
    userEnv({ OTEL_METRIC_EXPORT_INTERVAL: "60" }),
    "shape",
    "warning",
    /in milliseconds/,
  ],
  [
    "an interval of an hour",
    userEnv({ OTEL_METRIC_EXPORT_INTERVAL: "3600000" }),
    "shape",
    "note",
    /minutes late/,
  ],
  [
    "cumulative sums",
    userEnv({ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "cumulative" }),
    "shape",
    "note",
    /both are read right/,
  ],
  [
    "another temporality",
    userEnv({ OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: "gauge" }),
    "shape",
    "warning",
    /not one of delta/,
  ],
  ["the SDK's switch", userEnv({ OTEL_SDK_DISABLED: "true" }), "shape", "warning", /own switch/],
  ["Anthropic's telemetry", userEnv({ DISABLE_TELEMETRY: "1" }), "shape", "note", /for Anthropic/],
  [
    "another model's price",
    {
      settings: [
        {
          ...settings(wellSet),
          modelOverrides: [
            ["claude-opus-4-20250514", "claude-opus-4-8"],
            ["claude-sonnet-4-5", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"],
          ],
        },
      ],
    },
    "model-overrides",
    "warning",
    /price claude-opus-4-8 as claude-opus-4-20250514(?!,)/,
    /list_costs/,
  ],
  [
    "a headers helper and gRPC",
    {
      settings: [
        {
          ...settings({
            ...wellSet,
            OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
            OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4317",
          }),
          hasHeadersHelper: true,
        },
      ],
    },
    "shape",
    "warning",
    /otelHeadersHelper .* has no effect with gRPC/,
    /http\/protobuf/,
  ],
];
