import { describe, expect, test } from "vitest";
import { readSettings } from "../../src/host/settings.ts";

function read(values: Readonly<Record<string, unknown>> = {}) {
  return readSettings((name) => values[name], "/home/you");
}

describe("settings", () => {
  test("have defaults", () => {
    expect(read()).toEqual({
      telemetryPaths: [],
      database: undefined,
      timeZone: undefined,
      statusText: "{icon} {tokens} · {cost}  {stage}",
      idleAfterMs: 300_000,
      session: { warning: undefined, error: undefined },
      day: { warning: undefined, error: undefined },
      receiver: null,
      problems: [],
    });
  });

  test("are taken as they were written", () => {
    const settings = read({
      telemetryPaths: ["~/otel/*.jsonl", "/var/otel"],
      database: "~/t.duckdb",
      timeZone: "Europe/Berlin",
      "status.text": "{cost}",
      "status.idleAfterMinutes": 1,
      "thresholds.sessionWarning": 1.5,
      "thresholds.dayError": 20,
    });
    expect(settings).toEqual({
      telemetryPaths: ["/home/you/otel/*.jsonl", "/var/otel"],
      database: "/home/you/t.duckdb",
      timeZone: "Europe/Berlin",
      statusText: "{cost}",
      idleAfterMs: 60_000,
      session: { warning: 1.5, error: undefined },
      day: { warning: undefined, error: 20 },
      receiver: null,
      problems: [],
    });
  });

  test("switch the receiver on, with the usual ports or others", () => {
    const usual = { httpPort: 4318, grpcPort: 4317 };
    expect(read({ "receiver.enabled": true }).receiver).toEqual(usual);
    const other = { "receiver.enabled": true, "receiver.httpPort": 0, "receiver.grpcPort": 5317 };
    expect(read(other).receiver).toEqual({ httpPort: null, grpcPort: 5317 });
    expect(read({ "receiver.httpPort": 5318 }).receiver).toBeNull();
    const none = read({ ...other, "receiver.grpcPort": 0 });
    expect([none.receiver, none.problems]).toEqual([
      null,
      ["Setting cctelemetry.receiver.enabled: both ports are 0, so there is nowhere to receive."],
    ]);
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ["database", "telemetry.duckdb"],
    ["database", "../../etc/passwd"],
    ["database", "\\\\server\\share\\t.duckdb"],
    ["database", "//server/share/t.duckdb"],
    ["database", "/a\0b"],
    ["database", 7],
    ["telemetryPaths", [["$", "{workspaceFolder}/a.jsonl"].join("")]],
    ["telemetryPaths", "./a.jsonl"],
    ["telemetryPaths", [null]],
    ["timeZone", "Mars/Olympus"],
    ["thresholds.sessionWarning", -1],
    ["thresholds.dayError", "ten"],
    ["status.idleAfterMinutes", Number.NaN],
    ["receiver.enabled", "yes"],
    ["receiver.httpPort", 70_000],
    ["receiver.grpcPort", 4317.5],
  ];
  test.each(refused)("%s may not be %j", (name, value) => {
    const { problems, ...settings } = read({ [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`cctelemetry.${name}`);
    const { problems: _none, ...defaults } = read();
    expect(settings).toEqual(defaults);
  });
});
