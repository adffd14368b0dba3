import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { expandHome } from "@cctelemetry/core/paths";

/** What a person wrote: the value of a setting by its name without `cctelemetry.`, as it is. */
export type GivenSettings = (name: SettingName) => unknown;

/** Every setting, as package.json declares it. */
export const settingNames = [
  "telemetryPaths",
  "database",
  "timeZone",
  "status.text",
  "status.idleAfterMinutes",
  "thresholds.sessionWarning",
  "thresholds.sessionError",
  "thresholds.dayWarning",
  "thresholds.dayError",
  "receiver.enabled",
  "receiver.httpPort",
  "receiver.grpcPort",
] as const;

export type SettingName = (typeof settingNames)[number];

/** USD from which on the item changes its colour; undefined for never. */
export interface Threshold {
  readonly warning: number | undefined;
  readonly error: number | undefined;
}

/** What the extension uses: complete and checked. */
export interface Settings {
  /** Absolute files, folders and globs; empty for the usual places. */
  readonly telemetryPaths: readonly string[];
  /** Absolute; undefined for the usual place. */
  readonly database: string | undefined;
  readonly timeZone: string | undefined;
  /** Text of the status item, with `{names}` of values in it. */
  readonly statusText: string;
  readonly idleAfterMs: number;
  readonly session: Threshold;
  readonly day: Threshold;
  /** Ports on which telemetry is received, null for a protocol that is not; null: not at all. */
  readonly receiver: { readonly httpPort: number | null; readonly grpcPort: number | null } | null;
  /** What was written and cannot be used, one sentence each that names the setting. */
  readonly problems: readonly string[];
}

const DEFAULT_STATUS_TEXT = "{icon} {tokens} · {cost}  {stage}";
const DEFAULT_IDLE_MINUTES = 5;
const MOST_IDLE_MINUTES = 24 * 60;
/** Where OpenTelemetry sends to by default. */
const DEFAULT_PORTS = { "receiver.httpPort": 4318, "receiver.grpcPort": 4317 } as const;

/** Checks what was written; what cannot be used is reported and replaced by its default. */
export function readSettings(given: GivenSettings, home: string = homedir()): Settings {
  const problems: string[] = [];
  const complain = (name: SettingName, problem: string): undefined => {
    problems.push(`Setting cctelemetry.${name}: ${problem}`);
    return undefined;
  };
  const usable = (name: SettingName, value: unknown): string | undefined => {
    if (typeof value !== "string") return complain(name, "a path is a text.");
    const path = pathOf(value, home);
    return path ?? complain(name, `${value} is no absolute path on this machine.`);
  };
  const positive = (name: SettingName, fallback: number | undefined): number | undefined => {
    const value = given(name);
    if (value === undefined || value === null || value === 0) return fallback;
    if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
    complain(name, `${JSON.stringify(value)} is no number above zero.`);
    return fallback;
  };
  const paths = given("telemetryPaths") ?? [];
  const written = Array.isArray(paths) ? paths : [paths];
  const database = given("database");
  return {
    telemetryPaths: written
      .filter((path) => path !== "")
      .map((path) => usable("telemetryPaths", path))
      .filter((path) => path !== undefined),
    database: isEmpty(database) ? undefined : usable("database", database),
    timeZone: zoneOf(given("timeZone"), complain),
    statusText: textOf(given("status.text")),
    idleAfterMs: idleMinutes(positive("status.idleAfterMinutes", DEFAULT_IDLE_MINUTES)) * 60_000,
    session: {
      warning: positive("thresholds.sessionWarning", undefined),
      error: positive("thresholds.sessionError", undefined),
    },
    day: {
      warning: positive("thresholds.dayWarning", undefined),
      error: positive("thresholds.dayError", undefined),
    },
    receiver: receiverOf(given, complain),
    problems,
  };
}

type Complain = (name: SettingName, problem: string) => undefined;

function receiverOf(given: GivenSettings, complain: Complain): Settings["receiver"] {
  const port = (name: keyof typeof DEFAULT_PORTS): number | null => {
    const value = given(name) ?? DEFAULT_PORTS[name];
    if (value === 0) return null;
    if (typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65_536) {
      return value;
    }
    complain(name, `${JSON.stringify(value)} is no port.`);
    return DEFAULT_PORTS[name];
  };
  const enabled = given("receiver.enabled") ?? false;
  const [httpPort, grpcPort] = [port("receiver.httpPort"), port("receiver.grpcPort")];
  if (typeof enabled !== "boolean") {
    complain("receiver.enabled", `${JSON.stringify(enabled)} is neither true nor false.`);
    return null;
  }
  if (!enabled) return null;
  if (httpPort !== null || grpcPort !== null) return { httpPort, grpcPort };
  complain("receiver.enabled", "both ports are 0, so there is nowhere to receive.");
  return null;
}

/**
 * The absolute path that was meant; undefined for a relative one, which would depend on the opened
 * folder, and for one on another machine, which would hand out this one's credentials.
 */
function pathOf(written: string, home: string): string | undefined {
  const path = written.trim();
  if (path.includes("\0") || /^[\\/]{2}/.test(path)) return undefined;
  const expanded = expandHome(path, { platform: process.platform, home });
  return expanded !== undefined && isAbsolute(expanded) ? expanded : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function zoneOf(value: unknown, complain: Complain): string | undefined {
  if (isEmpty(value)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: String(value) }).resolvedOptions().timeZone;
  } catch {
    return complain("timeZone", `${String(value)} is no time zone; write one as Europe/Berlin.`);
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" && value.trim() !== "" ? value : DEFAULT_STATUS_TEXT;
}

function idleMinutes(minutes: number | undefined): number {
  return Math.min(MOST_IDLE_MINUTES, minutes ?? DEFAULT_IDLE_MINUTES);
}
