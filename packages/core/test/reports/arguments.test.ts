import { describe, expect, test } from "vitest";
import { KnownError } from "../../src/errors.ts";
import { argumentsOf, type GivenParameters } from "../../src/reports/arguments.ts";
import { reports } from "../../src/reports/registry.ts";
import type { ReportName } from "../../src/reports/report.ts";

const surroundings = {
  now: () => Date.parse("2026-11-21T03:30:00Z"),
  timeZone: () => "Europe/Berlin",
};

function check(name: ReportName, given: GivenParameters): ReturnType<typeof argumentsOf> {
  return argumentsOf(reports[name], given, surroundings);
}

function refusal(name: ReportName, given: GivenParameters): KnownError {
  try {
    check(name, given);
  } catch (error) {
    if (error instanceof KnownError) return error;
  }
  throw new Error("not refused");
}

describe("parameters", () => {
  test("that are not given restrict nothing; the zone is the machine's", () => {
    expect(check("models", {})).toEqual({
      since: null,
      until: null,
      tz: "Europe/Berlin",
      session: null,
      workflow: null,
      stage: null,
      task: null,
      agent: null,
      prompt: null,
      model: null,
      by: null,
      bucket: null,
      limit: null,
    });
  });

  test("are understood as written", () => {
    const found = check("sessions", { last: "7d", until: "2026-11-20", tz: "utc", limit: 3 });
    expect(found).toMatchObject({
      since: { kind: "time", micros: BigInt(Date.parse("2026-11-15T00:00:00Z")) * 1000n },
      until: { kind: "time", micros: BigInt(Date.parse("2026-11-21T00:00:00Z")) * 1000n },
      tz: "UTC",
      limit: 3,
    });
  });

  test("the limit is the report's own, any other number, or none", () => {
    expect(check("sessions", {}).limit).toBe(50);
    expect(check("sessions", { limit: "7" }).limit).toBe(7);
    expect(check("sessions", { limit: "all" }).limit).toBeNull();
  });

  test("an undefined one counts as not given", () => {
    expect(check("daily", { since: undefined }).since).toBeNull();
  });
});

describe("a wrong parameter is named, with what is allowed:", () => {
  test.each<readonly [string, ReportName, GivenParameters, string]>([
    ["time zone", "daily", { tz: "Mars/Olympus" }, "--tz Mars/Olympus is no time zone."],
    ["since", "daily", { since: "soon" }, "--since soon is not a time."],
    ["until", "daily", { until: "2026-02-30" }, "--until 2026-02-30 is not a time."],
    ["last", "daily", { last: "7q" }, "--last 7q is not a span of time."],
    [
      "last and since",
      "daily",
      { last: "7d", since: "today" },
      "--last cannot be used with --since",
    ],
    ["order", "daily", { since: "2026-11-21", until: "2026-11-20" }, "--until is before"],
    ["split", "daily", { by: "colour" }, "cannot be split by colour"],
    ["limit", "sessions", { limit: "-1" }, "--limit -1 is no number of rows."],
    ["unknown", "daily", { colour: "red" }, "has no parameter colour"],
    ["not of this report", "tools", { model: "x" }, "has no parameter model"],
    ["empty", "daily", { stage: "" }, "--stage is empty."],
    ["missing", "session", {}, "needs --session"],
  ])("%s", (_name, report, given, sentence) => {
    const error = refusal(report, given);
    expect(error.code).toBe("bad-argument");
    expect(error.message).toContain(sentence);
    expect(error.hint).toMatch(/\.$/);
  });
});
