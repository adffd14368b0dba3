import type { DoctorFacts, StoreFacts } from "../../src/doctor/facts.ts";

export const NOW = Date.UTC(2026, 10, 21, 12);

type Health = Extract<StoreFacts, { kind: "read" }>["health"];
type Files = Extract<StoreFacts, { kind: "read" }>["status"]["files"];

/** The variables that `init` sets. */
export const wellSet: Readonly<Record<string, string>> = {
  CLAUDE_CODE_ENABLE_TELEMETRY: "1",
  OTEL_METRICS_EXPORTER: "otlp",
  OTEL_LOGS_EXPORTER: "otlp",
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
};

/** The user's settings with these variables. */
export function settings(
  env: Readonly<Record<string, string>>,
  kind: DoctorFacts["settings"][number]["kind"] = "user",
): DoctorFacts["settings"][number] {
  const path = {
    user: "/h/.claude/settings.json",
    managed: "/etc/managed.json",
    project: "/p/s.json",
  };
  return {
    kind,
    path: path[kind],
    fault: undefined,
    env,
    oddValues: [],
    strays: [],
    hasHeadersHelper: false,
    modelOverrides: [],
    writtenAt: NOW - 86_400_000,
  };
}

/** A database that was read, with this about its telemetry. */
export function store(
  health: Partial<Health> = {},
  files: Files = [],
  oddTimes: Extract<StoreFacts, { kind: "read" }>["status"]["oddTimes"] = { early: 0, late: 0 },
): StoreFacts {
  const database = { path: "/d/t.duckdb", sizeBytes: 1, freeBytes: 1e9, condition: "ok" } as const;
  return {
    kind: "read",
    status: { database, totals: {}, files, notRead: [], oddTimes },
    health: {
      lastTime: (NOW - 60_000) * 1000,
      silentSessions: 0,
      autoSessions: 0,
      otherServices: [],
      rejectedLines: 0,
      versions: [{ version: "2.1.329", sessions: 3 }],
      causes: [],
      repeats: { requests: 0, records: 0, differsIn: [] },
      ...health,
    },
  };
}

/** Facts of a set-up that is all well, with changes. */
export function facts(changes: Partial<DoctorFacts> = {}): DoctorFacts {
  return {
    now: NOW,
    platform: "linux",
    hostname: "ada-laptop",
    env: {},
    settings: [settings(wellSet)],
    claude: { path: "/bin/claude", version: "2.1.329" },
    lastTranscript: NOW - 60_000,
    probes: [
      {
        url: "http://127.0.0.1:4318/v1/logs",
        protocol: "http/protobuf",
        answer: { kind: "receives", by: "cctelemetry" },
      },
    ],
    folder: { path: "/d/otlp", fault: undefined, files: [] },
    store: store(),
    ...changes,
  };
}

/** Settings with these variables beside those that `init` sets, or in their place. */
export const userEnv = (
  changes: Readonly<Record<string, string>>,
): Pick<DoctorFacts, "settings"> => ({
  settings: [settings({ ...wellSet, ...changes })],
});

/** Settings without some of the variables that `init` sets. */
export const without = (...names: readonly string[]): Pick<DoctorFacts, "settings"> => ({
  settings: [
    settings(Object.fromEntries(Object.entries(wellSet).filter(([name]) => !names.includes(name)))),
  ],
});
