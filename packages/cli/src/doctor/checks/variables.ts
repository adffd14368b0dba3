import {
  destinations,
  effective,
  exportedSignals,
  isOn,
  signals,
  type VariableFacts,
} from "../effective.ts";
import type { Check } from "../facts.ts";
import { type Finding, findingsFor } from "../finding.ts";

const INIT = "cctelemetry init";
const SWITCH = "CLAUDE_CODE_ENABLE_TELEMETRY";
const REPLACE = "cctelemetry init --replace";

/** Whether telemetry is switched on at all. */
export const switchedOn: Check = (facts) => {
  const { ok, failure } = findingsFor("switched-on");
  const setting = effective(facts, SWITCH);
  if (isOn(setting)) return [ok(`telemetry is switched on by ${setting?.origin}`)];
  const is = setting === undefined ? "is not set" : `is "${setting.value}" in ${setting.origin}`;
  return [
    failure({
      what: `telemetry is switched off: ${SWITCH} ${is}`,
      why: "Claude Code sends nothing without it.",
      fix: setting === undefined ? INIT : REPLACE,
    }),
  ];
};

/** Whether events and metrics are sent over OTLP. */
export const exporters: Check = (facts) => {
  const { ok, warning, failure } = findingsFor("exporters");
  const sent = exportedSignals(facts);
  const missing = (["LOGS", "METRICS"] as const).filter((signal) => !sent.includes(signal));
  const odd = oddExporters(facts);
  if (missing.length === 0) return [...odd, ok("events and metrics are sent over OTLP")];
  const set = missing.some((signal) => effective(facts, `OTEL_${signal}_EXPORTER`) !== undefined);
  // Said already: nothing is set up.
  if (missing.length === 2 && !set && !isOn(effective(facts, SWITCH))) return odd;
  const fix = set ? REPLACE : INIT;
  const names = missing.map((signal) => `OTEL_${signal}_EXPORTER`).join(" and ");
  if (missing.length === 2) {
    const why = "Neither events nor metrics are sent.";
    return [...odd, failure({ what: `${names} do not name otlp`, why, fix })];
  }
  const why =
    missing[0] === "LOGS"
      ? "Events report each request; without them there is no report by request, stage or tool."
      : "Metrics are the second account of the same usage; without them nothing can be compared.";
  return [...odd, warning({ what: `${names} does not name otlp`, why, fix })];
};

const knownExporters = ["otlp", "console", "none", "prometheus"];

/** Exporters that Claude Code does not know, and the one that writes into its screen. */
function oddExporters(facts: VariableFacts): readonly Finding[] {
  const { note, failure } = findingsFor("exporters");
  return signals.flatMap((signal) => {
    const setting = effective(facts, `OTEL_${signal}_EXPORTER`);
    const listed = (setting?.value ?? "").split(",").map((each) => each.trim());
    const where = `OTEL_${signal}_EXPORTER in ${setting?.origin}`;
    const unknown = listed.filter((each) => each !== "" && !knownExporters.includes(each));
    const findings = unknown.map((each) =>
      failure({
        what: `${where} names "${each}", which is not one of ${knownExporters.join(", ")}`,
        why: "Claude Code fails at an exporter that it does not know; telemetry may stop altogether.",
        fix: REPLACE,
      }),
    );
    if (!listed.includes("console")) return findings;
    const why = "Telemetry is also printed into the terminal that Claude Code draws its screen on.";
    return [...findings, note({ what: `${where} names console`, why, fix: "Leave console out" })];
  });
}

const known = ["grpc", "http/json", "http/protobuf"];

/** Whether each signal is sent by a protocol that Claude Code knows. */
export const protocol: Check = (facts) => {
  const { ok, warning, failure } = findingsFor("protocol");
  const all = destinations(facts);
  const wrong = all.filter(
    ({ protocol: used }) => used !== undefined && !known.includes(used.value),
  );
  if (wrong.length > 0) {
    const places = new Set(
      wrong.map(({ protocol: used }) => `"${used?.value}" in ${used?.origin}`),
    );
    const what = `the protocol ${[...places].join(" and ")} is not one of ${known.join(", ")}`;
    const why = "Claude Code then sends nothing, and says nothing.";
    return [failure({ what, why, fix: REPLACE })];
  }
  if (all.some(({ protocol: used }) => used === undefined)) {
    return [
      warning({
        what: "OTEL_EXPORTER_OTLP_PROTOCOL is not set",
        why: "New versions of Claude Code send http/protobuf then; older ones send nothing.",
        fix: INIT,
      }),
    ];
  }
  const used = new Set(all.map((each) => each.protocol?.value));
  return all.length === 0 ? [] : [ok(`sent by ${[...used].join(" and ")}`)];
};

/** Settings that make telemetry hard to use. */
export const shape: Check = (facts) => {
  const { warning, note } = findingsFor("shape");
  const findings: Finding[] = [];
  const session = effective(facts, "OTEL_METRICS_INCLUDE_SESSION_ID");
  if (session?.value.trim().toLowerCase() === "false") {
    const what = `OTEL_METRICS_INCLUDE_SESSION_ID is false in ${session.origin}`;
    const why = "Neither metrics nor events name their session: sessions cannot be distinguished.";
    findings.push(warning({ what, why, fix: `Remove it from ${session.origin}` }));
  }
  findings.push(...intervals(facts), ...temporality(facts), ...switches(facts));
  const texts = Object.entries(contents).filter(([name]) => isOn(effective(facts, name)));
  if (texts.length > 0) {
    const what = `telemetry holds ${texts.map(([, content]) => content).join(", ")}`;
    const why = `It is stored with the numbers, because ${texts.map(([name]) => name).join(", ")} is on.`;
    findings.push(note({ what, why }));
  }
  return findings;
};

/** An interval below this was probably meant in seconds. */
const LEAST_INTERVAL_MS = 100;
/** Above this telemetry comes so late that it seems lost, milliseconds. */
const LONG_INTERVAL_MS = 5 * 60_000;

function intervals(facts: VariableFacts): readonly Finding[] {
  const { warning, note } = findingsFor("shape");
  const names = ["OTEL_METRIC_EXPORT_INTERVAL", ...["LOGS", "TRACES"].map(intervalOf)];
  return names.flatMap((name) => {
    const setting = effective(facts, name);
    if (setting === undefined) return [];
    const what = `${name} is "${setting.value}" in ${setting.origin}`;
    const usual = name === "OTEL_METRIC_EXPORT_INTERVAL" ? "10000" : "1000";
    const fix = `Set it to ${usual} in ${setting.origin}`;
    if (!/^[1-9]\d*$/.test(setting.value.trim())) {
      const why = "It is a number of milliseconds; what Claude Code makes of this is not known.";
      return [warning({ what, why, fix })];
    }
    const ms = Number(setting.value);
    if (ms < LEAST_INTERVAL_MS) {
      const why = "It is in milliseconds: a request is sent many times a second.";
      return [warning({ what, why, fix })];
    }
    if (ms <= LONG_INTERVAL_MS) return [];
    const why =
      "Telemetry comes minutes late, and what was not sent yet is lost when it is killed.";
    return [note({ what, why, fix })];
  });
}

const intervalOf = (signal: string): string => `OTEL_${signal}_EXPORT_INTERVAL`;

function temporality(facts: VariableFacts): readonly Finding[] {
  const { warning, note } = findingsFor("shape");
  const setting = effective(facts, "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE");
  const value = setting?.value.trim().toLowerCase();
  if (setting === undefined || value === "delta" || value === "lowmemory") return [];
  const what = `metrics are sent as "${setting.value}", by ${setting.origin}`;
  if (value === "cumulative") {
    const why =
      "Sums since the start of a process instead of differences: both are read right here.";
    return [note({ what, why })];
  }
  const why =
    "It is not one of delta, cumulative and lowmemory; Claude Code then uses its default.";
  return [warning({ what, why, fix: `Remove it from ${setting.origin}` })];
}

/** Switches that stop telemetry, apart from the one that starts it. */
function switches(facts: VariableFacts): readonly Finding[] {
  const { warning, note } = findingsFor("shape");
  const findings: Finding[] = [];
  const disabled = effective(facts, "OTEL_SDK_DISABLED");
  if (isOn(disabled)) {
    const what = `OTEL_SDK_DISABLED is "${disabled?.value}" in ${disabled?.origin}`;
    const why = "OpenTelemetry's own switch: releases that follow it send nothing.";
    findings.push(warning({ what, why, fix: `Remove it from ${disabled?.origin}` }));
  }
  const helper = facts.settings.find((file) => file.hasHeadersHelper && file.kind !== "project");
  const byGrpc = destinations(facts).some(({ protocol: by }) => by?.value === "grpc");
  if (helper !== undefined && byGrpc) {
    const what = `otelHeadersHelper in ${helper.path} has no effect with gRPC`;
    const why =
      "Its headers are sent by HTTP only: a receiver that wants a token refuses telemetry.";
    const fix = `${REPLACE} --protocol http/protobuf`;
    findings.push(warning({ what, why, fix }));
  }
  const anthropic = ["DISABLE_TELEMETRY", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"].filter(
    (name) => isOn(effective(facts, name)),
  );
  if (anthropic.length > 0) {
    const what = `${anthropic.join(" and ")} ${anthropic.length > 1 ? "are" : "is"} on`;
    const why = "That is about telemetry for Anthropic; what is sent here goes on.";
    findings.push(note({ what, why }));
  }
  return findings;
}

const contents: Readonly<Record<string, string>> = {
  OTEL_LOG_USER_PROMPTS: "the text of prompts",
  OTEL_LOG_ASSISTANT_RESPONSES: "the text of answers",
  OTEL_LOG_TOOL_DETAILS: "names and arguments of tools",
  OTEL_LOG_RAW_API_BODIES: "whole requests and answers",
};
