import type { Instant, Parameter, Value } from "../../store/session.ts";
import type { Store } from "../../store/store.ts";
import arrivalsSql from "./arrivals.sql";
import causesSql from "./causes.sql";
import { soonAfter } from "./odd-times.ts";
import repeatsSql from "./repeats.sql";
import versionsSql from "./versions.sql";

/** What about stored telemetry may need somebody's attention. */
export interface StoreHealth {
  /** When the newest record was made, microseconds since 1970; undefined without any. */
  readonly lastTime: number | undefined;
  /** Sessions that ran tools and reported neither a request nor an error. */
  readonly silentSessions: number;
  /** Sessions with permission mode auto. */
  readonly autoSessions: number;
  /** Services other than Claude Code that sent here. */
  readonly otherServices: readonly string[];
  readonly rejectedLines: number;
  readonly versions: readonly SeenVersion[];
  readonly causes: readonly SeenCause[];
  readonly repeats: SeenRepeats;
}

/** Requests that were recorded more than once, each of which counts once. */
export interface SeenRepeats {
  readonly requests: number;
  /** Records that do not count. */
  readonly records: number;
  /** What they differ in from those that count: fields, attributes, attributes of the resource; most frequent first. */
  readonly differsIn: readonly string[];
}

/** A version of Claude Code that sent telemetry. */
export interface SeenVersion {
  readonly version: string;
  readonly sessions: number;
}

/** Why events and metrics differ, by the likely cause of the `coverage` view. */
export interface SeenCause {
  readonly cause: string;
  readonly sessions: number;
  /** By how much they differ, all sessions together. */
  readonly tokens: number;
  /** The latest of the sessions. */
  readonly session: string | undefined;
  readonly versions: readonly string[];
}

/**
 * Asks a database what of the telemetry since a time may need attention; times in microseconds
 * since 1970. KnownError where there is no database, or none that can be read.
 */
export function storeHealth(store: Store, since: bigint, now: bigint): Promise<StoreHealth> {
  return store.reading(async (session) => {
    const from: Record<string, Parameter> = { since: instant(since) };
    const [row = {}] = await session.rows(arrivalsSql, { ...from, soon: soonAfter(now) });
    const versions = await session.rows(versionsSql, from);
    const [repeats = {}] = await session.rows(repeatsSql, from);
    const causes = await session.rows(causesSql, from);
    return {
      lastTime: microsOf(row["last_time"]),
      silentSessions: Number(row["silent_sessions"] ?? 0),
      autoSessions: Number(row["auto_sessions"] ?? 0),
      otherServices: textsOf(row["other_services"]),
      rejectedLines: Number(row["rejected_lines"] ?? 0),
      versions: versions.map(({ version, sessions }) => ({
        version: String(version),
        sessions: Number(sessions),
      })),
      causes: causes.map((cause) => ({
        cause: String(cause["cause"]),
        sessions: Number(cause["sessions"]),
        tokens: Number(cause["tokens"] ?? 0),
        session: typeof cause["session_id"] === "string" ? cause["session_id"] : undefined,
        versions: textsOf(cause["versions"]),
      })),
      repeats: {
        requests: Number(repeats["requests"] ?? 0),
        records: Number(repeats["records"] ?? 0),
        differsIn: textsOf(repeats["differs_in"]),
      },
    };
  });
}

function instant(micros: bigint): Instant {
  return { kind: "time", micros };
}

function microsOf(value: Value | undefined): number | undefined {
  return typeof value === "object" && value !== null && "micros" in value
    ? Number(value.micros)
    : undefined;
}

function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
