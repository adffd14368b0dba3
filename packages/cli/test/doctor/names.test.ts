import { telemetryVariables } from "@cctelemetry/core/light";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs, seed } from "../../../core/test/support/runs.ts";
import { meantBy } from "../../src/doctor/names.ts";

/** What \`init\` can set, all of it. */
const set = telemetryVariables({
  protocol: "http/json",
  endpoint: "http://127.0.0.1:4318",
  prompts: true,
  responses: true,
  toolDetails: true,
  traces: true,
  token: "0123456789abcdef",
}).map(({ name }) => name);

test.each([
  ["OTEL_EXPORTER_OLTP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
  ["OTEL_EXPORTER_OLTP_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"],
  ["CLAUDE_CODE_ENHANCED_TELEMTRY_BETA", "CLAUDE_CODE_ENHANCED_TELEMETRY_BETA"],
  ["CLAUDE_CODE_ENABLE_TELEMTRY", "CLAUDE_CODE_ENABLE_TELEMETRY"],
  ["CLAUDE_CODE_ENABLED_TELEMETRY", "CLAUDE_CODE_ENABLE_TELEMETRY"],
  ["CLAUDE_ENABLE_TELEMETRY", "CLAUDE_CODE_ENABLE_TELEMETRY"],
  ["CLAUDE_CODE_TELEMETRY_ENABLE", "CLAUDE_CODE_ENABLE_TELEMETRY"],
  ["claude_code_enable_telemetry", "CLAUDE_CODE_ENABLE_TELEMETRY"],
  ["OTEL_METRICS_EXPORT_INTERVAL", "OTEL_METRIC_EXPORT_INTERVAL"],
  ["OTEL_LOG_EXPORT_INTERVAL", "OTEL_LOGS_EXPORT_INTERVAL"],
  ["OTEL_METRIC_EXPORTER", "OTEL_METRICS_EXPORTER"],
  ["OTEL_EXPORTER_OTLP_LOG_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"],
  ["OTEL_RESOURCE_ATTRIBUTE", "OTEL_RESOURCE_ATTRIBUTES"],
  ["OTEL_EXPORTER_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"],
])("%s is meant to be %s", (name, meant) => {
  expect(meantBy(name)).toBe(meant);
});

test.each([
  ...set,
  "OTEL_EXPORTER_OTLP_LOGS_TIMEOUT",
  "OTEL_EXPORTER_OTLP_INSECURE",
  "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
  "OTEL_EXPORTER_ZIPKIN_ENDPOINT",
  "OTEL_EXPORTER_PROMETHEUS_PORT",
  "OTEL_TRACES_SAMPLER",
  "OTEL_BSP_SCHEDULE_DELAY",
  "OTEL_BLRP_SCHEDULE_DELAY",
  "OTEL_SDK_DISABLED",
  "OTEL_LOG_LEVEL",
  "CLAUDE_CODE_MAX_OUTPUT_TOKENS",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_SESSION_ID",
  "DISABLE_TELEMETRY",
  "ENABLE_TELEMETRY",
  "NEXT_TELEMETRY_DISABLED",
  "PATH",
  "",
  "X".repeat(10_000),
])("%s is no mistake", (name) => {
  expect(meantBy(name)).toBeUndefined();
});

describe("a drawn mistake", () => {
  const letter = fc.constantFrom(..."ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
  const kinds = ["change", "insert", "drop"] as const;
  const edit = fc.record({ kind: fc.constantFrom(...kinds), at: fc.nat(100), letter });
  const swap = fc.record({ kind: fc.constant("swap" as const), at: fc.nat(100), letter });
  const edits = fc.oneof(fc.array(edit, { minLength: 1, maxLength: 2 }), fc.tuple(swap));

  test(`of one or two letters is found, in any name (FAULT_SEED=${seed})`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...set), edits, (name, all) => {
        const wrong = all.reduce<string>(edited, name);
        const meant = meantBy(wrong);
        if (wrong === name) expect(meant).toBeUndefined();
        else if (all.length === 1) expect(meant).toBe(name);
        // Two letters away from one name it may be as near to another.
        else expect(meant).toBeDefined();
      }),
      { seed, numRuns: runs(1_000) },
    );
  });

  test(`is not seen in names of others (FAULT_SEED=${seed})`, () => {
    const word = fc.string({ unit: letter, minLength: 3, maxLength: 8 });
    const other = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join("_"));
    fc.assert(
      fc.property(other, (name) => {
        expect(meantBy(name)).toBeUndefined();
      }),
      { seed, numRuns: runs(1_000) },
    );
  });
});

function edited(
  name: string,
  { kind, at, letter }: { kind: "change" | "insert" | "drop" | "swap"; at: number; letter: string },
): string {
  const place = at % name.length;
  const [before, after] = [name.slice(0, place), name.slice(place)];
  if (kind === "insert") return before + letter + after;
  if (kind === "drop") return before + after.slice(1);
  if (kind === "change") return before + letter + after.slice(1);
  return before + after.slice(0, 2).split("").reverse().join("") + after.slice(2);
}
