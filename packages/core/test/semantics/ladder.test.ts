import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { importPaths } from "../../src/ingest/import.ts";
import type { Value } from "../../src/store/session.ts";
import { type Event, fileOf, line, type Point, request } from "../support/otlp.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

let db: TestStore | undefined;
afterEach(async () => {
  await db?.remove();
  db = undefined;
});

type Attributes = Readonly<Record<string, string | number>>;

const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`;

/** A mark of session s1, unless it says otherwise. */
function mark(minute: number, action: string, attributes: Attributes = {}): Event {
  return {
    at: at(minute),
    name: "stage_mark",
    attributes: { "session.id": "s1", action, ...attributes },
    resource: { "service.name": "cctelemetry" },
  };
}

/** A request that ended at a minute and took half of one, unless it says otherwise. */
function asked(minute: number, id: string, attributes: Attributes = {}): Event {
  return request(at(minute), { request_id: id, duration_ms: 30_000, ...attributes });
}

async function rowsOf(
  records: readonly (Event | Point)[],
  sql: string,
): Promise<(readonly Value[])[]> {
  db = await storeOf(await fileOf(...records));
  return await tableOf(sql);
}

async function tableOf(sql: string): Promise<(readonly Value[])[]> {
  const table = await db?.store.reading((session) => session.table(sql));
  return [...(table?.rows ?? [])];
}

/** Each request with its stage and how that was found. */
const STAGES = "SELECT request_id, stage, attribution FROM api_requests ORDER BY request_id";

const subagent = (id: string, name: string): Attributes => ({
  agent_id: id,
  "agent.name": name,
  query_source: `agent:builtin:${name}`,
});

describe("a request's stage is found", () => {
  const plan = mark(10, "start", { stage: "plan" });
  const hook = mark(11, "subagent", { agent_id: "a1", stage: "coder", agent: "coder" });
  const map = mark(1, "session", { stage: "mapped" });

  test.each<[string, readonly Event[], string | null, string]>([
    ["nowhere", [asked(20, "r")], null, "none"],
    ["by its tag before all else", [map, plan, asked(20, "r", { stage: "t" })], "t", "tag"],
    ["by the session's map before a mark", [map, plan, asked(20, "r")], "mapped", "session_map"],
    [
      "by a mark before a hook",
      [plan, hook, asked(20, "r", subagent("a1", "custom"))],
      "plan",
      "mark",
    ],
    [
      "by a hook of its subagent",
      [hook, asked(20, "r", subagent("a1", "custom"))],
      "coder",
      "hook",
    ],
    ["by no other subagent's", [hook, asked(20, "r", subagent("a2", "custom"))], null, "none"],
    ["by the type of its subagent", [asked(20, "r", subagent("a", "Explore"))], "Explore", "agent"],
    ["by that in a marked session", [hook, asked(20, "r", subagent("b", "Plan"))], "Plan", "agent"],
    ["by no mark of another session", [plan, asked(20, "r", { "session.id": "s2" })], null, "none"],
    ["by no mark before it", [plan, asked(9, "r")], null, "none"],
  ])("%s", async (_name, records, stage, attribution) => {
    expect(await rowsOf(records, STAGES)).toEqual([["r", stage, attribution]]);
  });

  test("by a mark that comes in one batch with another attribute of that text", async () => {
    const other = { at: at(1), name: "tool_result", attributes: { tool_name: "stage_mark" } };
    expect(await rowsOf([other, plan, asked(20, "r")], STAGES)).toEqual([["r", "plan", "mark"]]);
  });

  test("by its prompt, whose requests may outlast it", async () => {
    const prompt = (minute: number, id: string, more: Attributes = {}): Event =>
      mark(minute, "prompt", { "prompt.id": id, ...more });
    const records = [
      prompt(10, "p1", { stage: "analyze" }),
      prompt(20, "p2", { stage: "review" }),
      prompt(30, "p3"),
      asked(15, "r1", { "prompt.id": "p1" }),
      asked(25, "r2", { "prompt.id": "p1" }),
      asked(25, "r3", { "prompt.id": "p2" }),
      asked(26, "r4"),
      asked(35, "r5", { "prompt.id": "p3" }),
    ];
    expect(await rowsOf(records, STAGES)).toEqual([
      ["r1", "analyze", "hook"],
      ["r2", "analyze", "hook"],
      ["r3", "review", "hook"],
      ["r4", "review", "hook"],
      ["r5", null, "none"],
    ]);
  });
});

describe("marks", () => {
  test("hold from start to end, for what was begun in between", async () => {
    const records = [
      mark(10, "start", { stage: "plan", workflow_id: "w1", task_id: "t1" }),
      mark(20, "end", { stage: "plan" }),
      mark(20, "start", { stage: "implement" }),
      asked(11, "r1"),
      asked(20, "r2"),
      asked(21, "r3"),
      // Begun in the one, ended in the other.
      asked(21, "r4", { duration_ms: 90_000 }),
      mark(30, "end"),
      asked(31, "r5"),
    ];
    expect(await rowsOf(records, STAGES.replace("stage,", "workflow_id, stage, task_id,"))).toEqual(
      [
        ["r1", "w1", "plan", "t1", "mark"],
        ["r2", "w1", "plan", "t1", "mark"],
        ["r3", null, "implement", null, "mark"],
        ["r4", "w1", "plan", "t1", "mark"],
        ["r5", null, null, null, "none"],
      ],
    );
  });

  test("keep a subagent in the stage it began in", async () => {
    const records = [
      mark(10, "start", { stage: "plan" }),
      mark(20, "end"),
      mark(20, "start", { stage: "review" }),
      asked(15, "r1", subagent("a1", "Explore")),
      asked(25, "r2", subagent("a1", "Explore")),
      asked(25, "r3", subagent("a2", "Explore")),
    ];
    expect(await rowsOf(records, STAGES)).toEqual([
      ["r1", "plan", "mark"],
      ["r2", "plan", "mark"],
      ["r3", "review", "mark"],
    ]);
  });

  test("of stages side by side are ambiguous, and never guessed", async () => {
    const records = [
      mark(10, "start", { stage: "build", agent: "coder", task_id: "t1" }),
      mark(12, "start", { stage: "check", agent: "tester" }),
      asked(11, "r1"),
      asked(14, "r2"),
      asked(14, "r3", subagent("a1", "coder")),
      asked(14, "r4", subagent("a2", "Explore")),
      mark(15, "subagent", { agent_id: "a3", stage: "tester", agent: "tester" }),
      asked(16, "r5", subagent("a3", "custom")),
      mark(20, "end", { stage: "check" }),
      asked(21, "r6"),
    ];
    expect(await rowsOf(records, STAGES.replace("stage,", "stage, task_id,"))).toEqual([
      ["r1", "build", "t1", "mark"],
      ["r2", null, null, "ambiguous"],
      ["r3", "build", "t1", "mark"],
      ["r4", null, null, "ambiguous"],
      ["r5", "check", null, "mark"],
      ["r6", "build", "t1", "mark"],
    ]);
  });

  test("of two tasks of one stage give the stage, not the task", async () => {
    const records = [
      mark(10, "start", { stage: "build", task_id: "t1", workflow_id: "w" }),
      mark(10, "start", { stage: "build", task_id: "t2", workflow_id: "w" }),
      asked(12, "r1"),
      mark(13, "end", { stage: "build", task_id: "t1" }),
      asked(14, "r2"),
    ];
    expect(await rowsOf(records, STAGES.replace("stage,", "workflow_id, stage, task_id,"))).toEqual(
      [
        ["r1", "w", "build", null, "mark"],
        ["r2", "w", "build", "t2", "mark"],
      ],
    );
  });

  test("give stages, workflows, tasks and sessions their numbers, and leave the rest in sight", async () => {
    const tool = (minute: number): Event => ({
      at: at(minute),
      name: "tool_result",
      attributes: { "session.id": "s1", tool_name: "Bash", success: "true", duration_ms: 1000 },
    });
    const records = [
      mark(10, "start", { stage: "plan", workflow_id: "w1", task_id: "t1", agent: "planner" }),
      mark(20, "end"),
      asked(11, "r1"),
      asked(12, "r2"),
      asked(25, "r3"),
      asked(30, "r4", { "session.id": "s2", stage: "plan", workflow_id: "w1" }),
      tool(13),
      tool(26),
    ];
    expect(
      await rowsOf(
        records,
        "SELECT workflow_id, stage, requests, tool_calls, unattributed_share FROM stages ORDER BY ALL",
      ),
    ).toEqual([
      ["w1", "plan", 3n, 1n, 0],
      [null, null, 1n, 1n, 1],
    ]);
    expect(
      await tableOf("SELECT workflow_id, task_id, agent, requests FROM tasks ORDER BY ALL"),
    ).toEqual([
      ["w1", "t1", "planner", 2n],
      ["w1", null, null, 1n],
      [null, null, null, 1n],
    ]);
    expect(
      await tableOf("SELECT round(unattributed_share, 3) FROM sessions ORDER BY session_id"),
    ).toEqual([[0.333], [0]]);
    expect(await tableOf("SELECT stage, attribution FROM tool_results ORDER BY time")).toEqual([
      ["plan", "mark"],
      [null, "none"],
    ]);
  });

  test("are ambiguous for what is only measured across their change", async () => {
    const spent = (from: number, to: number): Point => ({
      at: at(to),
      from: at(from),
      metric: "token.usage",
      value: 100,
      attributes: { "session.id": "s1", type: "input", model: "m" },
    });
    const records = [
      mark(10, "start", { stage: "plan" }),
      spent(11, 12),
      mark(20, "end"),
      spent(19, 21),
      spent(21, 22),
    ];
    expect(await rowsOf(records, "SELECT stage, attribution FROM usage ORDER BY time")).toEqual([
      ["plan", "mark"],
      [null, "ambiguous"],
      [null, "none"],
    ]);
  });
});

/** A line of a file with spans, or a log record with the ids of its span. */
function spanLine(
  ids: { readonly trace: string; readonly span: string; readonly parent?: string },
  name: string,
  attributes: Attributes,
): string {
  const span = {
    traceId: ids.trace.repeat(32),
    spanId: ids.span.repeat(16),
    ...(ids.parent === undefined ? {} : { parentSpanId: ids.parent.repeat(16) }),
    name,
    kind: 1,
    startTimeUnixNano: "1795255200000000000",
    endTimeUnixNano: "1795255260000000000",
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value: { stringValue: String(value) },
    })),
    status: {},
  };
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans: [span] }] }] });
}

function traced(event: Event, trace: string, span: string): string {
  const whole = JSON.parse(line(event)) as {
    resourceLogs: { scopeLogs: { logRecords: object[] }[] }[];
  };
  const [record] = whole.resourceLogs[0]?.scopeLogs[0]?.logRecords ?? [];
  Object.assign(record ?? {}, { traceId: trace.repeat(32), spanId: span.repeat(16) });
  return JSON.stringify(whole);
}

test("spans of an orchestrator give the stage of the sessions below them", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "cctelemetry-")), "telemetry.jsonl");
  const lines = [
    spanLine({ trace: "a", span: "1" }, "stage", { stage: "plan", workflow_id: "w1" }),
    spanLine({ trace: "a", span: "2" }, "stage", { stage: "review", workflow_id: "w1" }),
    spanLine({ trace: "a", span: "5", parent: "1" }, "claude_code.interaction", {
      "session.id": "s1",
    }),
    spanLine({ trace: "b", span: "3" }, "stage", { stage: "alone" }),
    traced(asked(10, "r1"), "a", "6"),
    traced(asked(11, "r2", { "session.id": "s2" }), "a", "2"),
    traced(asked(12, "r3", { "session.id": "s3" }), "a", "7"),
    traced(asked(13, "r4", { "session.id": "s4" }), "b", "7"),
    traced(asked(14, "r5", { "session.id": "s5", stage: "own" }), "b", "7"),
    traced(asked(15, "r6", { "session.id": "s6" }), "c", "7"),
  ];
  await writeFile(path, `${lines.join("\n")}\n`);
  db = await storeOf(path);
  expect(await tableOf(STAGES.replace("stage,", "workflow_id, stage,"))).toEqual([
    ["r1", "w1", "plan", "trace"],
    ["r2", "w1", "review", "trace"],
    ["r3", null, null, "ambiguous"],
    ["r4", null, "alone", "trace"],
    ["r5", null, "own", "tag"],
    ["r6", null, null, "none"],
  ]);
});

/** Anything a session may have, in any order of time. */
const anything = fc.oneof(
  fc
    .record({
      minute: fc.integer({ min: 0, max: 30 }),
      action: fc.constantFrom("start", "end", "session", "prompt", "subagent", "nonsense"),
      session: fc.constantFrom("s1", "s2"),
      stage: fc.option(fc.constantFrom("plan", "build"), { nil: undefined }),
      agent: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
    })
    .map(({ minute, action, session, stage, agent }) =>
      mark(minute, action, {
        "session.id": session,
        "prompt.id": "p",
        agent_id: "a1",
        ...(stage === undefined ? {} : { stage }),
        ...(agent === undefined ? {} : { agent }),
      }),
    ),
  fc
    .tuple(fc.integer({ min: 0, max: 31 }), fc.constantFrom("s1", "s2", "s3"), fc.nat(3))
    .map(([minute, session, id]) =>
      asked(minute, `r${minute}-${session}-${id}`, { "session.id": session, agent_id: `a${id}` }),
    ),
);

test("what is found does not depend on the order of arrival, and no request is lost or doubled", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anything, { minLength: 2, maxLength: 25, selector: (each) => line(each) }),
      fc.nat(25),
      async (records, cut) => {
        db = await storeOf(await fileOf(...records));
        const sql = "SELECT * FROM api_requests ORDER BY time, session_id, agent_id";
        const whole = await tableOf(sql);
        expect(whole.length).toBe(records.filter(({ name }) => name === "api_request").length);
        await db.remove();
        db = await storeOf();
        for (const part of [records.slice(cut).reverse(), records.slice(0, cut)]) {
          if (part.length > 0) await importPaths(db.store, [await fileOf(...part)]);
        }
        expect(await tableOf(sql)).toEqual(whole);
        const kept = await tableOf("FROM base.evidence ORDER BY session_id");
        expect(kept).toEqual(
          await tableOf("FROM base.evidence_since(0, 0, 0) ORDER BY session_id"),
        );
        await db.remove();
      },
    ),
    { numRuns: 8 },
  );
});
