import { telemetryVariables } from "@cctelemetry/core/light";
import { describe, expect, test } from "vitest";
import { mergeEnv } from "../../src/setup/settings-env.ts";

const choices = {
  protocol: "http/protobuf",
  endpoint: "http://127.0.0.1:4318",
  prompts: false,
  responses: false,
  toolDetails: false,
  traces: false,
  token: undefined,
} as const;
const wanted = telemetryVariables(choices);
const names = (all: typeof wanted): readonly string[] =>
  all.map(({ name, value }) => `${name}=${value}`);

describe("the variables of a set-up", () => {
  test("send numbers, and no texts", () => {
    expect(names(wanted)).toEqual([
      "CLAUDE_CODE_ENABLE_TELEMETRY=1",
      "OTEL_METRICS_EXPORTER=otlp",
      "OTEL_LOGS_EXPORTER=otlp",
      "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
      "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318",
      "OTEL_LOGS_EXPORT_INTERVAL=1000",
      "OTEL_METRIC_EXPORT_INTERVAL=10000",
    ]);
  });

  test.each([
    [{ prompts: true }, ["OTEL_LOG_USER_PROMPTS=1", "OTEL_LOG_ASSISTANT_RESPONSES=0"]],
    [{ responses: true }, ["OTEL_LOG_ASSISTANT_RESPONSES=1"]],
    [{ toolDetails: true }, ["OTEL_LOG_TOOL_DETAILS=1"]],
    [
      { token: "abc/+= 12345678" },
      ["OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20abc%2F%2B%3D%2012345678"],
    ],
    [{ traces: true }, ["CLAUDE_CODE_ENHANCED_TELEMETRY_BETA=1", "OTEL_TRACES_EXPORTER=otlp"]],
  ])("send what is asked for and no more: %j", (asked, more) => {
    expect(names(telemetryVariables({ ...choices, ...asked })).slice(7)).toEqual(more);
  });
});

describe("merged into an env block", () => {
  test("all are put into an empty one", () => {
    const { edits, conflicts } = mergeEnv(undefined, wanted);
    expect(edits.map(({ path }) => path[1])).toEqual(wanted.map(({ name }) => name));
    expect(conflicts).toEqual([]);
  });

  test("nothing is changed where all is set, in whatever words", () => {
    const env = {
      ...Object.fromEntries(wanted.map(({ name, value }) => [name, value])),
      CLAUDE_CODE_ENABLE_TELEMETRY: true,
      OTEL_METRICS_EXPORTER: "prometheus, otlp",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318/",
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://127.0.0.1:4318/v1/logs",
      OTEL_METRIC_EXPORT_INTERVAL: "60000",
    };
    expect(mergeEnv(env, wanted)).toEqual({ edits: [], conflicts: [], conflictEdits: [] });
  });

  test.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example.com", "http://127.0.0.1:4318"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"],
    ["OTEL_LOGS_EXPORTER", "none", "otlp"],
    ["OTEL_METRICS_EXPORTER", "prometheus", "prometheus,otlp"],
    ["CLAUDE_CODE_ENABLE_TELEMETRY", "0", "1"],
    ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "https://otel.example.com/v1/metrics", undefined],
  ])("%s=%s stands in the way", (name, has, value) => {
    const { conflicts, conflictEdits } = mergeEnv({ [name]: has }, wanted);
    expect(conflicts).toEqual([{ name, has, wanted: value }]);
    expect(conflictEdits).toEqual([{ path: ["env", name], value }]);
  });

  test("spans that are sent elsewhere are none of our business, unless asked for", () => {
    const env = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://otel.example.com/v1/traces" };
    expect(mergeEnv(env, wanted).conflicts).toEqual([]);
    const traced = telemetryVariables({ ...choices, traces: true });
    expect(mergeEnv(env, traced).conflicts).toHaveLength(1);
  });
});
