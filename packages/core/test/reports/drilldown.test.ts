import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GivenParameters } from "../../src/reports/arguments.ts";
import { reports } from "../../src/reports/registry.ts";
import type { ReportName } from "../../src/reports/report.ts";
import { type ReportResult, runReport } from "../../src/reports/run.ts";
import type { Value } from "../../src/store/session.ts";
import { fileOf, request } from "../support/otlp.ts";
import { recordings, storeOf, type TestStore } from "../support/telemetry.ts";

interface Usage {
  readonly requests: number;
  readonly tokens: Readonly<Record<string, number>>;
  readonly cost_usd: number;
}

interface Truth {
  readonly logs: Usage & {
    readonly tokens_cache_creation_split: Readonly<Record<string, number>>;
    readonly by_session: Readonly<Record<string, Usage>>;
    readonly by_model: Readonly<Record<string, Usage>>;
  };
  readonly metrics: Usage;
  readonly by_task: readonly {
    readonly workflow_id: string | null;
    readonly stage: string | null;
    readonly task_id: string | null;
    readonly agent: string | null;
    readonly sessions: readonly string[];
    readonly api_errors: number;
    readonly tool_results: number;
    readonly logs: Usage;
    readonly metrics: Usage;
  }[];
}

/** What was used: by events, but in O-workflow a killed process sent metrics alone. */
function usageOf(name: string, { logs, metrics }: { logs: Usage; metrics: Usage }): Usage {
  if (name !== "O-workflow") return logs;
  return { requests: logs.requests, tokens: metrics.tokens, cost_usd: metrics.cost_usd };
}

type Row = Readonly<Record<string, Value>>;

const surroundings = { now: () => Date.parse("2026-11-21T12:00:00Z"), timeZone: () => "UTC" };

function run(db: TestStore, name: ReportName, given: GivenParameters = {}): Promise<ReportResult> {
  return db.store.reading((session) => runReport(session, reports[name], given, surroundings));
}

async function rowsOf(db: TestStore, name: ReportName, given: GivenParameters): Promise<Row[]> {
  const { columns, rows } = await run(db, name, { limit: "all", ...given });
  return rows.map((row) =>
    Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null])),
  );
}

function sum(rows: readonly Row[], name: string): number {
  return rows.reduce((all, row) => all + Number(row[name] ?? 0), 0);
}

function micros(value: Value | undefined): number {
  return Number((value as { readonly micros: bigint }).micros);
}

/** Compares the sum of rows with what a truth file says. */
function expectUsage(rows: readonly Row[], { requests, tokens, cost_usd }: Usage): void {
  expect({
    requests: sum(rows, "requests"),
    input: sum(rows, "input_tokens"),
    output: sum(rows, "output_tokens"),
    cacheRead: sum(rows, "cache_read_tokens"),
    cacheCreation: sum(rows, "cache_creation_tokens"),
  }).toEqual({ requests, ...tokens });
  expect(sum(rows, "cost_usd")).toBeCloseTo(cost_usd, 9);
}

/** The first, the last and every third between them; all with FAULTS_EVERY=1. */
function some<T>(all: readonly T[]): readonly T[] {
  if (process.env["FAULTS_EVERY"] === "1") return all;
  return all.filter((_, at) => at % 3 === 0 || at === all.length - 1);
}

/** Rows of single requests, with their number as they are counted elsewhere. */
function counted(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, requests: 1n }));
}

const runs = ["L-workflow", "O-workflow", "L-json-sub", "L-tmux", "L-json-traces"] as const;

describe.each(runs)("%s", (name) => {
  const path = join(recordings, name);
  const truth = JSON.parse(readFileSync(`${path}.truth.json`, "utf8")) as Truth;
  let db: TestStore;
  beforeAll(async () => {
    db = await storeOf(`${path}.jsonl`);
  });
  afterAll(() => db.remove());

  test("requests are all there, the newest first, by session, model and task", async () => {
    const all = await rowsOf(db, "requests", {});
    expect(all).toHaveLength(truth.logs.requests);
    const times = all.map(({ time }) => micros(time));
    expect([...times].sort((a, b) => b - a)).toEqual(times);
    expectUsage(counted(all), truth.logs);
    for (const [session, usage] of some(Object.entries(truth.logs.by_session))) {
      expectUsage(counted(await rowsOf(db, "requests", { session })), usage);
    }
    for (const [model, usage] of Object.entries(truth.logs.by_model)) {
      expectUsage(counted(await rowsOf(db, "requests", { model })), usage);
    }
    for (const { task_id, agent, stage, logs } of some(truth.by_task)) {
      const given = {
        task: task_id ?? "(none)",
        agent: agent ?? "(none)",
        stage: stage ?? "(none)",
      };
      expectUsage(counted(await rowsOf(db, "requests", given)), logs);
    }
  });

  test("activity comes to the same in buckets of any size", async () => {
    for (const bucket of ["minute", "hour", "day"]) {
      const rows = await rowsOf(db, "activity", { bucket, tz: "Asia/Kathmandu" });
      expectUsage(rows, usageOf(name, truth));
      expect(new Set(rows.map(({ start_time }) => micros(start_time))).size).toBe(rows.length);
    }
    const split = await rowsOf(db, "activity", { by: "model" });
    expectUsage(split, usageOf(name, truth));
  });

  test("the prompts of each session come to what the session used", async () => {
    for (const [session, usage] of some(Object.entries(truth.logs.by_session))) {
      const rows = await rowsOf(db, "prompts", { session });
      expectUsage(rows, usage);
      const steps = await rowsOf(db, "session", { session });
      const count = (step: string): number => steps.filter((row) => row["step"] === step).length;
      expect(sum(rows, "tool_calls")).toBe(count("tool"));
      expect(sum(rows, "errors")).toBe(count("error"));
      for (const row of some(rows)) {
        const given = { session, prompt: String(row["prompt_id"]) };
        const inside = await rowsOf(db, "waterfall", given);
        expect(sum(inside, "total_tokens")).toBe(Number(row["total_tokens"]));
        expect(new Set(inside.map(({ prompt }) => prompt))).toEqual(new Set([row["prompt"]]));
      }
    }
  });

  test("the waterfall begins each step as long before its end as it took", async () => {
    for (const session of some(Object.keys(truth.logs.by_session))) {
      const rows = await rowsOf(db, "waterfall", { session });
      const begins = rows.map(({ start_time }) => micros(start_time));
      expect([...begins].sort((a, b) => a - b)).toEqual(begins);
      for (const { start_time, end_time, duration_ms } of rows) {
        expect(micros(end_time) - micros(start_time)).toBe(Number(duration_ms ?? 0) * 1000);
      }
    }
  });

  test("agents and runs of stages come to what their task used", async () => {
    for (const { workflow_id, stage, task_id, agent, ...task } of some(truth.by_task)) {
      const given = {
        workflow: workflow_id ?? "(none)",
        stage: stage ?? "(none)",
        task: task_id ?? "(none)",
        agent: agent ?? "(none)",
      };
      const who = await rowsOf(db, "agents", given);
      expectUsage(who, usageOf(name, task));
      expect([sum(who, "tool_calls"), sum(who, "errors")]).toEqual([
        task.tool_results,
        task.api_errors,
      ]);
      if (workflow_id === null) continue;
      const ran = await rowsOf(db, "timeline", given);
      expectUsage(ran, usageOf(name, task));
      expect(task.sessions).toEqual(
        expect.arrayContaining(ran.map(({ session_id }) => String(session_id))),
      );
    }
  });

  test("runs in one lane never overlap, and those in the next one overlap one before", async () => {
    const rows = await rowsOf(db, "timeline", {});
    for (const [at, row] of rows.entries()) {
      const earlier = rows
        .slice(0, at)
        .filter((each) => each["workflow_id"] === row["workflow_id"]);
      const running = earlier.filter(
        (each) => micros(each["end_time"]) > micros(row["start_time"]),
      );
      const taken = running.map(({ lane }) => Number(lane));
      expect(taken).not.toContain(Number(row["lane"]));
      expect(new Set(taken).size).toBeGreaterThanOrEqual(Number(row["lane"]) - 1);
    }
  });

  test("the report cache shows what was written for how long, whatever it is split by", async () => {
    for (const by of [undefined, "model", "stage", "session"]) {
      const rows = await rowsOf(db, "cache", by === undefined ? {} : { by });
      expect(sum(rows, "cache_read_tokens")).toBe(usageOf(name, truth).tokens["cacheRead"]);
      expect(sum(rows, "cache_creation_tokens")).toBe(usageOf(name, truth).tokens["cacheCreation"]);
      const { cache_creation_5m_tokens = 0, cache_creation_1h_tokens = 0 } =
        truth.logs.tokens_cache_creation_split ?? {};
      expect(sum(rows, "cache_creation_5m_tokens")).toBe(cache_creation_5m_tokens);
      expect(sum(rows, "cache_creation_1h_tokens")).toBe(cache_creation_1h_tokens);
      for (const { never_read_tokens, cache_creation_tokens } of rows) {
        expect(Number(never_read_tokens)).toBeLessThanOrEqual(Number(cache_creation_tokens));
      }
    }
  });
});

describe("the cache", () => {
  let db: TestStore;
  const used = { input_tokens: 0, output_tokens: 0, "session.id": "a" };
  beforeAll(async () => {
    const at = (minute: number): string => `2026-11-20T10:0${minute}:00.000Z`;
    const asked = (minute: number, read: number, written: number, more = {}) =>
      request(at(minute), {
        ...used,
        cache_read_tokens: read,
        cache_creation_tokens: written,
        cache_creation_5m_tokens: written,
        ...more,
      });
    db = await storeOf(
      await fileOf(
        asked(0, 0, 1_000_000),
        asked(1, 1_000_000, 200_000),
        asked(2, 1_100_000, 50_000),
        asked(3, 0, 30_000, { agent_id: "b" }),
      ),
    );
  });
  afterAll(() => db.remove());

  test("knows what nobody read, and what it saved at list price", async () => {
    const [row, ...others] = await rowsOf(db, "cache", {});
    expect(others).toEqual([]);
    expect(row).toMatchObject({ day: "2026-11-20", cache_read_tokens: 2_100_000n });
    expect(row?.["never_read_tokens"]).toBe(100_000n + 50_000n + 30_000n);
    expect(sum([row ?? {}], "read_saved_usd")).toBeCloseTo(2.1 * (4 - 0.2), 9);
    expect(sum([row ?? {}], "write_extra_usd")).toBeCloseTo(1.28 * (5 - 4), 9);
    expect(sum([row ?? {}], "saved_usd")).toBeCloseTo(2.1 * 3.8 - 1.28, 9);
  });
});

test("a bucket that is none is named", async () => {
  const db = await storeOf();
  await expect(run(db, "activity", { bucket: "year" })).rejects.toThrow(
    "The report activity has no buckets of year.",
  );
  await db.remove();
});
