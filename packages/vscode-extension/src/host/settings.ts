import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

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
  /** What was written and cannot be used, one sentence each that names the setting. */
  readonly problems: readonly string[];
}

const DEFAULT_STATUS_TEXT = "{icon} {tokens} · {cost}  {stage}";
const DEFAULT_IDLE_MINUTES = 5;
const MOST_IDLE_MINUTES = 24 * 60;

/** Checks what was written; what cannot be used is told of and replaced by its default. */
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
    problems,
  };
}

/**
 * The absolute path that was meant; undefined for a relative one, which would depend on the opened
 * folder, and for one on another machine, which would hand out this one's credentials.
 */
function pathOf(written: string, home: string): string | undefined {
  const path = written.trim();
  if (path.includes("\0") || /^[\\/]{2}/.test(path)) return undefined;
  if (path === "~") return home;
  if (/^~[\\/]/.test(path)) return join(home, path.slice(2));
  return isAbsolute(path) ? path : undefined;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function zoneOf(
  value: unknown,
  complain: (name: SettingName, problem: string) => undefined,
): string | undefined {
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
