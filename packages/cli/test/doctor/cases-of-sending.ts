import type { Case } from "./case.ts";
import { settings, userEnv, wellSet, without } from "./facts.ts";

const tags = (value: string) => userEnv({ OTEL_RESOURCE_ATTRIBUTES: value });

/** What can be wrong on the way from Claude Code to the receiver. */
export const casesOfSending: readonly Case[] = [
  [
    "not switched on",
    { settings: [] },
    "switched-on",
    "failure",
    /is not set/,
    /^cctelemetry init$/,
  ],
  [
    "switched off",
    userEnv({ CLAUDE_CODE_ENABLE_TELEMETRY: "0" }),
    "switched-on",
    "failure",
    /is "0" in \/h/,
    /--replace/,
  ],
  [
    "no exporters",
    without("OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER"),
    "exporters",
    "failure",
    /OTEL_LOGS_EXPORTER and OTEL_METRICS_EXPORTER/,
    /^cctelemetry init$/,
  ],
  [
    "no events",
    userEnv({ OTEL_LOGS_EXPORTER: "none" }),
    "exporters",
    "warning",
    /OTEL_LOGS_EXPORTER/,
    /--replace/,
  ],
  ["no metrics", without("OTEL_METRICS_EXPORTER"), "exporters", "warning", /second account/],
  ["no protocol", without("OTEL_EXPORTER_OTLP_PROTOCOL"), "protocol", "warning", /is not set/],
  [
    "protocol http",
    userEnv({ OTEL_EXPORTER_OTLP_PROTOCOL: "http" }),
    "protocol",
    "failure",
    /"http".*not one of grpc/,
    /--replace/,
  ],
  [
    "protocol of one signal",
    userEnv({ OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "json" }),
    "protocol",
    "failure",
    /"json"/,
  ],
  ["no endpoint", without("OTEL_EXPORTER_OTLP_ENDPOINT"), "endpoint", "warning", /is not set/],
  [
    "endpoint without scheme",
    userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318" }),
    "endpoint",
    "failure",
    /is not a URL/,
  ],
  [
    "endpoint with a path",
    userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318/v1/logs" }),
    "endpoint",
    "failure",
    /ends in a signal's path/,
  ],
  [
    "endpoint of a signal without path",
    userEnv({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://127.0.0.1:4318" }),
    "endpoint",
    "failure",
    /no signal's path/,
  ],
  [
    "endpoint of a signal without path elsewhere",
    userEnv({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "https://otel.example/in" }),
    "endpoint",
    "warning",
    /no signal's path/,
  ],
  ...["127.0.0.1", "localhost:4318", "//localhost:4318", "otel.example:4318/x"].map(
    (value): Case => [
      `endpoint ${value}`,
      userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: value }),
      "endpoint",
      "failure",
      /has no http:\/\/ in front/,
      /--endpoint http:\/\/[^/]/,
    ],
  ),
  ...["ftp://localhost", "http//localhost:4318", "http:/localhost", "unix:///x", "http://"].map(
    (value): Case => [
      `endpoint ${value}`,
      userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: value }),
      "endpoint",
      "failure",
      /is (no URL of|not a URL)/,
    ],
  ),
  ...["?x=1", "/?token=a", "/v1/logs?x=1", "#a"].map(
    (end): Case => [
      `endpoint that ends in ${end}`,
      userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://localhost:4318${end}` }),
      "endpoint",
      "failure",
      /ends in a (query|fragment)/,
      /--endpoint http:\/\/localhost:4318$/,
    ],
  ),
  ...["http:/localhost:4318", "http//localhost:4318", "//u:pw@localhost:4318/v1/logs?t=x"].map(
    (value): Case => [
      `endpoint ${value}, and what was meant`,
      userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: value }),
      "endpoint",
      "failure",
      /is not a URL/,
      /--endpoint http:\/\/localhost:4318$/,
    ],
  ),
  ...["$OTEL_HOST:4318", "http://$HOST:4318", "http://$\u007bHOST}:4318", "%HOST%:4318"].map(
    (value): Case => [
      `endpoint ${value}`,
      userEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: value }),
      "endpoint",
      "failure",
      /holds a variable/,
      /^cctelemetry init --replace$/,
    ],
  ),
  [
    "logs sent to the path of metrics",
    userEnv({ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://127.0.0.1:4318/v1/metrics?x" }),
    "endpoint",
    "warning",
    /has the path of metrics, and logs are sent there/,
    /\/v1\/logs/,
  ],
  ...["Authorization Bearer x", "a=b,c", "=x", "Authorization: Bearer x=y"].map(
    (value): Case => [
      `headers ${value}`,
      userEnv({ OTEL_EXPORTER_OTLP_HEADERS: value }),
      "headers",
      "warning",
      /OTEL_EXPORTER_OTLP_HEADERS in \/h.* is not name=value/,
      /name=value/,
    ],
  ),
  ...["", "LOGS_"].map(
    (signal): Case => [
      `${signal}COMPRESSION of zstd`,
      userEnv({ [`OTEL_EXPORTER_OTLP_${signal}COMPRESSION`]: "zstd" }),
      "compression",
      "warning",
      /is "zstd" in .*neither gzip nor none/,
      /Set it to gzip/,
    ],
  ),
  ["a tag without name", tags("=v,ok=1"), "attributes", "warning", /without a name.*: =v$/m],
  [
    "endpoint of gRPC without scheme",
    userEnv({
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4317",
    }),
    "endpoint",
    "failure",
    /gRPC speaks TLS/,
    /--endpoint http:\/\/localhost:4317$/,
  ],
  [
    "shell against settings",
    { env: { OTEL_LOGS_EXPORTER: "console" } },
    "overridden",
    "warning",
    /OTEL_LOGS_EXPORTER of this shell does not count/,
  ],
  [
    "tags of the shell lost",
    { ...tags("stage=a"), env: { OTEL_RESOURCE_ATTRIBUTES: "stage=b" } },
    "overridden",
    "warning",
    /lost without a message/,
    /cctelemetry run/,
  ],
  [
    "project settings",
    { settings: [settings(wellSet), settings({ OTEL_LOGS_EXPORTER: "otlp" }, "project")] },
    "project-settings",
    "warning",
    /ignores telemetry variables/,
  ],
  [
    "managed settings",
    {
      settings: [
        settings(wellSet),
        settings({ OTEL_EXPORTER_OTLP_ENDPOINT: "https://o.example" }, "managed"),
      ],
    },
    "managed",
    "note",
    /your organisation sets OTEL_EXPORTER_OTLP_ENDPOINT/,
  ],
  [
    "managed tags on Windows",
    {
      platform: "win32",
      settings: [settings(wellSet), settings({ OTEL_RESOURCE_ATTRIBUTES: "a=b" }, "managed")],
    },
    "managed",
    "warning",
    /not applied on Windows/,
  ],
  [
    "broken settings",
    {
      settings: [
        { ...settings({}), fault: "/h/settings.json is not valid JSON at line 2, column 1." },
      ],
    },
    "settings",
    "failure",
    /line 2, column 1/,
    /Correct .* by hand/,
  ],
  [
    "settings of another user",
    {
      settings: [{ ...settings({}), fault: "/h/settings.json cannot be read: permission denied." }],
    },
    "settings",
    "failure",
    /permission denied/,
    /Correct/,
  ],
  [
    "inside Claude Code",
    { env: { CLAUDECODE: "1" } },
    "inside-claude",
    "note",
    /runs inside Claude Code/,
  ],
];
