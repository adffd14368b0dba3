import { destinations, effective, exportedSignals, isOn } from "../effective.ts";
import type { Check } from "../facts.ts";
import { type Finding, voiceOf } from "../finding.ts";

const INIT = "cctelemetry init";
const SWITCH = "CLAUDE_CODE_ENABLE_TELEMETRY";
const REPLACE = "cctelemetry init --replace";

/** Whether telemetry is switched on at all. */
export const switchedOn: Check = (facts) => {
  const { ok, failure } = voiceOf("switched-on");
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
  const { ok, warning, failure } = voiceOf("exporters");
  const sent = exportedSignals(facts);
  const missing = (["LOGS", "METRICS"] as const).filter((signal) => !sent.includes(signal));
  if (missing.length === 0) return [ok("events and metrics are sent over OTLP")];
  const set = missing.some((signal) => effective(facts, `OTEL_${signal}_EXPORTER`) !== undefined);
  // Said already: nothing is set up.
  if (missing.length === 2 && !set && !isOn(effective(facts, SWITCH))) return [];
  const fix = set ? REPLACE : INIT;
  const names = missing.map((signal) => `OTEL_${signal}_EXPORTER`).join(" and ");
  if (missing.length === 2) {
    const why = "Neither events nor metrics are sent.";
    return [failure({ what: `${names} do not name otlp`, why, fix })];
  }
  const why =
    missing[0] === "LOGS"
      ? "Events tell of each request; without them there is no report by request, stage or tool."
      : "Metrics are the second account of the same usage; without them nothing can be compared.";
  return [warning({ what: `${names} does not name otlp`, why, fix })];
};

const known = ["grpc", "http/json", "http/protobuf"];

/** Whether each signal is sent by a protocol that Claude Code knows. */
export const protocol: Check = (facts) => {
  const { ok, warning, failure } = voiceOf("protocol");
  const all = destinations(facts);
  const wrong = all.filter(
    ({ protocol: used }) => used !== undefined && !known.includes(used.value),
  );
  if (wrong.length > 0) {
    const told = new Set(wrong.map(({ protocol: used }) => `"${used?.value}" in ${used?.origin}`));
    const what = `the protocol ${[...told].join(" and ")} is none of ${known.join(", ")}`;
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

/** Whether each signal has a place to go to. */
export const endpoint: Check = (facts) => {
  const { ok, warning, failure } = voiceOf("endpoint");
  const all = destinations(facts);
  if (all.length === 0) return [];
  const findings: Finding[] = [];
  const places = new Map(all.map((each) => [each.url ?? each.endpoint?.value, each]));
  for (const { endpoint: set, url, protocol: by } of places.values()) {
    if (set === undefined) {
      if (findings.length > 0) continue;
      const why = "What is sent goes to the default, port 4318 of this machine, or nowhere.";
      findings.push(warning({ what: "OTEL_EXPORTER_OTLP_ENDPOINT is not set", why, fix: INIT }));
    } else if (url === undefined || !/^https?:\/\//i.test(set.value)) {
      const what = `the endpoint "${set.value}" in ${set.origin} is not a URL`;
      findings.push(failure({ what, why: "Nothing can be sent there.", fix: REPLACE }));
    } else if (by?.value !== "grpc" && /\/v1\/\w+\/v1\/\w+$/.test(url)) {
      const what = `the endpoint "${set.value}" in ${set.origin} ends in a signal's path`;
      const why = "Claude Code appends /v1/logs and the like, and its requests go nowhere.";
      findings.push(failure({ what, why, fix: REPLACE }));
    } else if (by?.value !== "grpc" && !/\/v1\/\w+$/.test(url)) {
      const what = `the endpoint "${set.value}" in ${set.origin} has no signal's path`;
      const why = "An endpoint for one signal is used as it is, without /v1/logs and the like.";
      findings.push(warning({ what, why, fix: REPLACE }));
    }
  }
  return findings.length > 0 ? findings : [ok(`sent to ${[...targets(all)].join(" and ")}`)];
};

function targets(all: ReturnType<typeof destinations>): ReadonlySet<string> {
  return new Set(all.map((each) => each.endpoint?.value ?? ""));
}

/** Settings that make telemetry hard to use. */
export const shape: Check = (facts) => {
  const { warning, note } = voiceOf("shape");
  const findings: Finding[] = [];
  const session = effective(facts, "OTEL_METRICS_INCLUDE_SESSION_ID");
  if (session?.value.trim().toLowerCase() === "false") {
    const what = `OTEL_METRICS_INCLUDE_SESSION_ID is false in ${session.origin}`;
    const why = "Neither metrics nor events name their session: they cannot be told apart.";
    findings.push(warning({ what, why, fix: `Take it out of ${session.origin}` }));
  }
  for (const name of ["OTEL_METRIC_EXPORT_INTERVAL", "OTEL_LOGS_EXPORT_INTERVAL"]) {
    const interval = effective(facts, name);
    if (interval !== undefined && !/^[1-9]\d*$/.test(interval.value.trim())) {
      const what = `${name} is "${interval.value}" in ${interval.origin}`;
      const why = "It is a number of milliseconds; what Claude Code makes of this is not told.";
      findings.push(warning({ what, why, fix: `Set it to 1000 in ${interval.origin}` }));
    }
  }
  const texts = Object.entries(contents).filter(([name]) => isOn(effective(facts, name)));
  if (texts.length > 0) {
    const what = `telemetry holds ${texts.map(([, content]) => content).join(", ")}`;
    const why = `It is stored with the numbers, because ${texts.map(([name]) => name).join(", ")} is on.`;
    findings.push(note({ what, why }));
  }
  return findings;
};

const contents: Readonly<Record<string, string>> = {
  OTEL_LOG_USER_PROMPTS: "the text of prompts",
  OTEL_LOG_ASSISTANT_RESPONSES: "the text of answers",
  OTEL_LOG_TOOL_DETAILS: "names and arguments of tools",
  OTEL_LOG_RAW_API_BODIES: "whole requests and answers",
};
