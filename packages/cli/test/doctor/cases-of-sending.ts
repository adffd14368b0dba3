import type { Case } from "./case.ts";
import { settings, wellSet } from "./facts.ts";

const userEnv = (changes: Record<string, string>) => ({
  settings: [settings({ ...wellSet, ...changes })],
});
const without = (...names: readonly string[]) => ({
  settings: [
    settings(Object.fromEntries(Object.entries(wellSet).filter(([name]) => !names.includes(name)))),
  ],
});
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
    /"http".*none of grpc/,
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
    "warning",
    /no signal's path/,
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
    /lost without a word/,
    /cctelemetry run/,
  ],
  [
    "project settings",
    { settings: [settings(wellSet), settings({ OTEL_LOGS_EXPORTER: "otlp" }, "project")] },
    "project-settings",
    "warning",
    /does not heed/,
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
    /Mend/,
  ],
  [
    "inside Claude Code",
    { env: { CLAUDECODE: "1" } },
    "inside-claude",
    "note",
    /runs inside Claude Code/,
  ],
  [
    "13 tags",
    tags(Array.from({ length: 13 }, (_, index) => `k${index}=v`).join(",")),
    "attributes",
    "failure",
    /13 entries[\s\S]*no metrics at all/,
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
    /cannot be told apart/,
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
    "warning",
    /goes to the proxy/,
    /Add 127.0.0.1 to NO_PROXY/,
  ],
];
