import type { DoctorFacts } from "./facts.ts";

/** A variable as Claude Code will see it. */
export interface Setting {
  readonly value: string;
  readonly from: "managed" | "user" | "shell";
  /** Where it is set, in words: a path, or "the environment of this shell". */
  readonly origin: string;
}

/** The part of the facts that variables come from. */
export type VariableFacts = Pick<DoctorFacts, "env" | "settings" | "hostname">;

/**
 * A variable as Claude Code will see it: an organisation's settings win over the user's, and those
 * over the shell. An empty value counts as none. A project's settings have no say in telemetry.
 */
export function effective({ env, settings }: VariableFacts, name: string): Setting | undefined {
  for (const from of ["managed", "user"] as const) {
    const file = settings.find(({ kind, env: own }) => kind === from && (own[name] ?? "") !== "");
    const value = file?.env[name];
    if (file !== undefined && value !== undefined) return { value, from, origin: file.path };
  }
  const value = env[name] ?? "";
  return value === "" ? undefined : { value, from: "shell", origin: SHELL };
}

const SHELL = "the environment of this shell";

/** Whether a switch is on: what Claude Code takes for yes. */
export function isOn(setting: Setting | undefined): boolean {
  return ["1", "true", "yes", "on"].includes(setting?.value.trim().toLowerCase() ?? "");
}

/** The signals that `exporters` send over OTLP. */
export function exportedSignals(facts: VariableFacts): readonly Signal[] {
  return signals.filter((signal) => {
    const list = effective(facts, `OTEL_${signal}_EXPORTER`)?.value ?? "";
    return list.split(",").some((exporter) => exporter.trim() === "otlp");
  });
}

/** What Claude Code exports, as its variables spell it. */
export const signals = ["METRICS", "LOGS", "TRACES"] as const;

export type Signal = (typeof signals)[number];

/** How and where a signal is sent; undefined parts are not set. Values are without blanks around them. */
export interface Destination {
  readonly signal: Signal;
  readonly protocol: Setting | undefined;
  readonly endpoint: Setting | undefined;
  /** Whether that endpoint is of this signal alone: it is used as it is. */
  readonly isOwn: boolean;
  /** Where requests of HTTP go, or the address of gRPC; undefined if there is no valid one. */
  readonly url: string | undefined;
}

/** Where each exported signal goes. */
export function destinations(facts: VariableFacts): readonly Destination[] {
  return exportedSignals(facts).map((signal) => {
    const named = (what: string) =>
      trimmed(
        effective(facts, `OTEL_EXPORTER_OTLP_${signal}_${what}`) ??
          effective(facts, `OTEL_EXPORTER_OTLP_${what}`),
      );
    const own = effective(facts, `OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`);
    const protocol = named("PROTOCOL");
    const endpoint = named("ENDPOINT");
    const base = endpoint?.value ?? "http://localhost:4318";
    const isOwn = own !== undefined;
    const isWhole = isOwn || protocol?.value === "grpc";
    const url = isWhole ? base : `${base.replace(/\/+$/, "")}/v1/${signal.toLowerCase()}`;
    return { signal, protocol, endpoint, isOwn, url: isWebAddress(url) ? url : undefined };
  });
}

function trimmed(setting: Setting | undefined): Setting | undefined {
  return setting === undefined ? undefined : { ...setting, value: setting.value.trim() };
}

/**
 * Whether an endpoint is one of HTTP: `localhost:4318` is a URL, too, of the scheme "localhost", and
 * `http://$HOST` one of a host that no machine can be named after.
 */
function isWebAddress(url: string): boolean {
  return (
    /^https?:\/\/[^/]/i.test(url) && URL.canParse(url) && !/[$`{}]/.test(new URL(url).hostname)
  );
}

/** Whether a host, as a URL has it, is this machine: `own` is the name it has in a network. */
export function isThisMachine(hostname: string, own: string): boolean {
  const name = hostname.replace(/\.$/, "").toLowerCase();
  const names = own === "" ? [] : [own.toLowerCase(), `${own.toLowerCase()}.local`];
  return names.includes(name) || THIS_MACHINE.test(name);
}

const THIS_MACHINE =
  /^((.+\.)?localhost|localhost\.localdomain|ip6-(localhost|loopback)|127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/;
