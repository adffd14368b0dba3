import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { GivenParameters } from "../../src/reports/arguments.ts";
import { reports } from "../../src/reports/registry.ts";
import type { ReportName } from "../../src/reports/report.ts";
import { type ReportResult, runReport } from "../../src/reports/run.ts";
import type { Session, Value } from "../../src/store/session.ts";
import { type Event, fileOf, request } from "../support/otlp.ts";
import { recordings, storeOf, type TestStore } from "../support/telemetry.ts";

const surroundings = {
  now: () => Date.parse("2026-11-21T12:00:00Z"),
  timeZone: () => "UTC",
};

function run(db: TestStore, name: ReportName, given: GivenParameters = {}): Promise<ReportResult> {
  return db.store.reading((session) => runReport(session, reports[name], given, surroundings));
}

/** The values of these columns, row by row. */
function pick(
  { columns, rows }: ReportResult,
  ...names: readonly string[]
): (Value | undefined)[][] {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  return rows.map((row) => places.map((at) => row[at]));
}

function total(result: ReportResult, name: string): number {
  return pick(result, name).reduce((sum, [value]) => sum + Number(value ?? 0), 0);
}

const recorded = ["L-workflow", "M-workflow-mixed", "L-json-attrs", "O-json-err", "L-tmux"];

describe("on recorded telemetry", () => {
  let db: TestStore;
  beforeAll(async () => {
    db = await storeOf(...recorded.map((name) => join(recordings, `${name}.jsonl`)));
  });
  afterAll(() => db.remove());

  test("reports of one lease compute what they cover once for each range", async () => {
    const asked: string[] = [];
    const footers = await db.store.reading(async (session) => {
      const counted: Session = {
        ...session,
        rows: (sql, parameters) => {
          asked.push(sql);
          return session.rows(sql, parameters);
        },
      };
      const results: ReportResult[] = [];
      for (const given of [{}, {}, { until: "2020-01-01" }, {}]) {
        results.push(await runReport(counted, reports.models, given, surroundings));
        results.push(await runReport(counted, reports.daily, given, surroundings));
      }
      return results.map(({ footer }) => footer.sessions);
    });
    expect(asked).toHaveLength(2);
    const [all = 0] = footers;
    expect(all).toBeGreaterThan(0);
    expect(footers).toEqual([all, all, all, all, 0, 0, all, all]);
  });

  test("every way to cut the usage comes to the same", async () => {
    const whole = await run(db, "summary");
    expect(whole.rows).toHaveLength(1);
    const cuts: readonly (readonly [ReportName, GivenParameters])[] = [
      ["summary", { by: "model" }],
      ["summary", { by: "source" }],
      ["summary", { by: "session" }],
      ["summary", { by: "version" }],
      ["daily", {}],
      ["daily", { tz: "Pacific/Apia", by: "stage" }],
      ["weekly", {}],
      ["monthly", { by: "task" }],
      ["sessions", { limit: "all" }],
      ["workflows", {}],
      ["stages", {}],
      ["tasks", {}],
      ["models", {}],
      ["models", { by: "stage" }],
    ];
    for (const [name, given] of cuts) {
      const cut = await run(db, name, given);
      for (const column of ["requests", "total_tokens", "input_tokens"]) {
        expect(total(cut, column), `${name} ${column}`).toBe(total(whole, column));
      }
      expect(total(cut, "cost_usd"), name).toBeCloseTo(total(whole, "cost_usd"), 9);
    }
    expect(total(await run(db, "workflows"), "cost_share")).toBeCloseTo(1, 12);
  });

  test("a filter gives what the cut gives", async () => {
    const stages = await run(db, "stages");
    for (const [workflow, stage, tokens] of pick(stages, "workflow_id", "stage", "total_tokens")) {
      const given = { workflow: String(workflow), stage: String(stage) };
      expect(total(await run(db, "summary", given), "total_tokens")).toBe(Number(tokens));
    }
    const models = await run(db, "models");
    for (const [model, cost] of pick(models, "model", "cost_usd")) {
      const summary = await run(db, "summary", { model: String(model) });
      expect(pick(summary, "cost_usd")).toEqual([[cost]]);
    }
  });

  test("what carries no stage is a row of its own", async () => {
    const rows = pick(await run(db, "stages"), "workflow_id", "stage", "requests");
    expect(rows).toContainEqual(["w1", "(none)", 2n]);
    const other = await run(db, "workflows", { workflow: "(none)" });
    expect(pick(other, "workflow_id")).toEqual([]);
  });

  test("tools and failures are counted by name", async () => {
    const tools = pick(
      await run(db, "tools", { workflow: ".claude-4nq" }),
      "tool_name",
      "calls",
      "failures",
    );
    expect(tools.map(([name]) => name)).toContain("Bash");
    const failures = await run(db, "errors");
    const overloaded = pick(failures, "kind", "status_code", "failures").filter(
      ([kind, status]) => kind === "api_error" && status === "529",
    );
    expect(overloaded.length).toBeGreaterThan(0);
  });

  test("a session is shown step by step, found by the beginning of its id", async () => {
    const sessions = await run(db, "sessions", { limit: "all" });
    const rows = pick(sessions, "session_id", "total_tokens", "tool_calls", "prompts");
    for (const [id, tokens, tools, prompts] of rows.slice(0, 12)) {
      const steps = await run(db, "session", { session: String(id).slice(0, 8), limit: "all" });
      const count = (step: string): number =>
        pick(steps, "step").filter(([each]) => each === step).length;
      expect(steps.arguments.session).toBe(id);
      expect(total(steps, "total_tokens")).toBe(Number(tokens));
      expect([count("tool"), count("prompt")]).toEqual([Number(tools), Number(prompts)]);
      const times = steps.rows.map(([time]) => (time as { micros: bigint }).micros);
      expect([...times].sort((a, b) => Number(a - b))).toEqual(times);
    }
  });

  test("a session that is not there, or not alone, is named", async () => {
    await expect(run(db, "session", { session: "zzz" })).rejects.toThrow(
      "No session begins with zzz.",
    );
    await expect(run(db, "session", { session: "8" })).rejects.toThrow(
      "More than one session begins",
    );
  });

  test("the footer says what is covered", async () => {
    const { footer } = await run(db, "sessions", { limit: 3 });
    expect(footer).toMatchObject({ rows: 3, more: true, tz: "UTC", rejectedLines: 0 });
    const coverage = await run(db, "coverage", { limit: "all" });
    expect(footer.sessions).toBe(coverage.rows.length);
    const agreeing = await db.store.reading((session) =>
      session.rows("SELECT count(*) AS n FROM coverage WHERE agrees"),
    );
    expect(BigInt(footer.agreeing)).toBe(agreeing[0]?.["n"]);
    expect(footer.agreeing).toBeLessThan(footer.sessions);
    expect(footer.firstTime?.micros).toBeLessThan(footer.lastTime?.micros ?? 0n);
  });

  test("coverage names the likely cause", async () => {
    const rows = pick(await run(db, "coverage", { limit: "all" }), "finding");
    expect(new Set(rows.flat())).toEqual(
      new Set(["agrees", "broken attempt", "requests without usage"]),
    );
  });

  test("columns carry their units and types, and a split its name", async () => {
    const { columns } = await run(db, "daily", { by: "model" });
    expect(columns.slice(0, 2).map(({ name, label, unit }) => [name, label, unit])).toEqual([
      ["day", "day", "text"],
      ["part", "model", "text"],
    ]);
    expect(columns.find(({ name }) => name === "total_tokens")?.type).toBe("HUGEINT");
    const whole = await run(db, "daily");
    expect(whole.columns.map(({ name }) => name)).not.toContain("part");
  });
});

describe("a day", () => {
  let db: TestStore | undefined;
  afterEach(async () => {
    await db?.remove();
    db = undefined;
  });

  async function byDay(
    times: readonly string[],
    tz: string,
    name: ReportName = "daily",
  ): Promise<unknown> {
    db = await storeOf(await fileOf(...times.map((at): Event => request(at))));
    const result = await run(db, name, { tz });
    return Object.fromEntries(
      result.rows.map((row) => [
        row[0],
        Number(pick(result, "requests")[result.rows.indexOf(row)]?.[0]),
      ]),
    );
  }

  test.each([
    [
      "UTC",
      ["2026-11-20T23:59:59.999Z", "2026-11-21T00:00:00.000Z"],
      { "2026-11-20": 1, "2026-11-21": 1 },
    ],
    [
      "Europe/Berlin",
      ["2026-11-20T22:59:59.999Z", "2026-11-20T23:00:00.000Z"],
      { "2026-11-20": 1, "2026-11-21": 1 },
    ],
    [
      "America/Los_Angeles",
      ["2026-11-21T07:59:59.999Z", "2026-11-21T08:00:00.000Z"],
      { "2026-11-20": 1, "2026-11-21": 1 },
    ],
    [
      "Asia/Kathmandu",
      ["2026-11-20T18:14:59.999Z", "2026-11-20T18:15:00.000Z"],
      { "2026-11-20": 1, "2026-11-21": 1 },
    ],
    [
      "Pacific/Chatham",
      ["2026-11-21T10:14:59.999Z", "2026-11-21T10:15:00.000Z"],
      { "2026-11-21": 1, "2026-11-22": 1 },
    ],
    [
      "Europe/Berlin",
      ["2026-03-28T23:00:00.000Z", "2026-03-29T21:59:59.999Z", "2026-03-29T22:00:00.000Z"],
      { "2026-03-29": 2, "2026-03-30": 1 },
    ],
    [
      "Europe/Berlin",
      ["2026-10-24T22:00:00.000Z", "2026-10-25T22:59:59.999Z", "2026-10-25T23:00:00.000Z"],
      { "2026-10-25": 2, "2026-10-26": 1 },
    ],
    [
      "Australia/Lord_Howe",
      ["2026-04-04T13:00:00.000Z", "2026-04-05T13:29:59.999Z", "2026-04-05T13:30:00.000Z"],
      { "2026-04-05": 2, "2026-04-06": 1 },
    ],
    [
      "America/Havana",
      [
        "2026-11-01T03:59:59.999Z",
        "2026-11-01T04:00:00.000Z",
        "2026-11-02T04:59:59.999Z",
        "2026-11-02T05:00:00.000Z",
      ],
      { "2026-10-31": 1, "2026-11-01": 2, "2026-11-02": 1 },
    ],
  ])("in %s of %j", async (tz, times, days) => {
    expect(await byDay(times, tz)).toEqual(days);
  });

  test("asked for is the day that is shown", async () => {
    const times = [
      "2026-10-24T21:59:59.999Z",
      "2026-10-24T22:00:00.000Z",
      "2026-10-25T22:59:59.999Z",
      "2026-10-25T23:00:00.000Z",
    ];
    db = await storeOf(await fileOf(...times.map((at) => request(at))));
    const given = { since: "2026-10-25", until: "2026-10-25", tz: "Europe/Berlin" };
    expect(pick(await run(db, "daily", given), "day", "requests")).toEqual([["2026-10-25", 2n]]);
  });

  test("belongs to its ISO week and its month", async () => {
    const times = [
      "2027-01-03T23:00:00.000Z",
      "2027-01-03T22:59:59.999Z",
      "2026-12-31T23:00:00.000Z",
    ];
    expect(await byDay(times, "Europe/Berlin", "weekly")).toEqual({ "2026-W53": 2, "2027-W01": 1 });
    await db?.remove();
    expect(await byDay(times, "Europe/Berlin", "monthly")).toEqual({ "2027-01": 3 });
    await db?.remove();
    expect(await byDay(times, "UTC", "monthly")).toEqual({ "2026-12": 1, "2027-01": 2 });
  });
});
