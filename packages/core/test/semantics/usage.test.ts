import { afterEach, describe, expect, test } from "vitest";
import type { Value } from "../../src/store/session.ts";
import { type Event, fileOf, type Point, request } from "../support/otlp.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

let db: TestStore | undefined;
afterEach(async () => {
  await db?.remove();
  db = undefined;
});

/** The rows of a statement over a store that holds these records. */
async function rowsOf(
  records: readonly (Event | Point)[],
  sql: string,
): Promise<(readonly Value[])[]> {
  db = await storeOf(await fileOf(...records));
  const { rows } = await db.store.reading((session) => session.table(sql));
  return [...rows];
}

const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, "0")}:00.000Z`;
const input = { "session.id": "s1", type: "input", model: "claude-opus-5-5" };
const cumulative = (minute: number, value: number, more: Partial<Point> = {}): Point => ({
  at: at(minute),
  from: at(0),
  metric: "token.usage",
  temporality: "cumulative",
  value,
  attributes: input,
  ...more,
});
const TOKENS = "SELECT time, tokens FROM token_usage ORDER BY time, tokens";

async function increments(...points: readonly Point[]): Promise<(Value | undefined)[]> {
  return (await rowsOf(points, TOKENS)).map(([, tokens]) => tokens);
}

describe("a cumulative counter", () => {
  test("is stored by its increments, in order of time, whatever the order of arrival", async () => {
    expect(await increments(cumulative(3, 30), cumulative(1, 10), cumulative(2, 25))).toEqual([
      10n,
      15n,
      5n,
    ]);
  });

  test("restarts after a drop", async () => {
    expect(await increments(cumulative(1, 10), cumulative(2, 4), cumulative(3, 6))).toEqual([
      10n,
      4n,
      2n,
    ]);
  });

  test("that may fall is no reset", async () => {
    const more = { monotonic: false };
    expect(
      await increments(cumulative(1, 10, more), cumulative(2, 4, more), cumulative(3, 6, more)),
    ).toEqual([10n, -6n, 2n]);
  });

  test("begins a new series with each start time, each resource and each attribute", async () => {
    expect(
      await increments(
        cumulative(2, 10),
        cumulative(3, 12, { from: at(1) }),
        cumulative(4, 13, { resource: { "host.name": "other" } }),
        cumulative(5, 14, { attributes: { ...input, model: "claude-haiku-5-5" } }),
      ),
    ).toEqual([10n, 12n, 13n, 14n]);
  });

  test("has no increment if it does not change", async () => {
    expect(await increments(cumulative(1, 10), cumulative(2, 10), cumulative(3, 11))).toEqual([
      10n,
      1n,
    ]);
  });

  test("keeps integers that a double does not hold", async () => {
    const big = { integer: true };
    expect(
      await increments(
        cumulative(1, 0, { ...big, value: "9007199254740993" }),
        cumulative(2, 0, { ...big, value: "9007199254740996" }),
      ),
    ).toEqual([9007199254740993n, 3n]);
  });

  test("distinguishes integers that are the same double", async () => {
    const big = { integer: true };
    expect(
      await increments(
        cumulative(1, 0, { ...big, value: "9007199254742967" }),
        cumulative(2, 0, { ...big, value: "9007199254742968" }),
        cumulative(3, 0, { ...big, value: "9007199254742967" }),
      ),
    ).toEqual([9007199254742967n, 1n, 9007199254742967n]);
  });

  test("begins an increment where the one before ended", async () => {
    const rows = await rowsOf(
      [cumulative(1, 10), cumulative(3, 30)],
      "SELECT epoch_us(start_time) AS s, epoch_us(time) AS t FROM token_usage ORDER BY time",
    );
    const micros = (minute: number): bigint => BigInt(Date.parse(at(minute))) * 1000n;
    expect(rows).toEqual([
      [micros(0), micros(1)],
      [micros(1), micros(3)],
    ]);
  });
});

describe("a delta", () => {
  const delta = (minute: number, value: number | string, more: Partial<Point> = {}): Point =>
    cumulative(minute, 0, { temporality: "delta", value, ...more });

  test("counts as it is, overlapping or not", async () => {
    expect(await increments(delta(1, 10), delta(2, 10), delta(2, 7, { from: at(1) }))).toEqual([
      10n,
      7n,
      10n,
    ]);
  });

  test("without a value, or with one that is not finite, is left out", async () => {
    expect(
      await increments(
        delta(1, 10),
        delta(2, 5, { flags: 1 }),
        delta(3, "NaN"),
        delta(4, "Infinity"),
        delta(6, 1, { flags: 2 }),
      ),
    ).toEqual([10n, 1n]);
  });

  test("of no temporality counts in full where it has a start of its own", async () => {
    const own = (minute: number, value: number): Point =>
      delta(minute, value, { temporality: "unspecified", from: at(minute - 1) });
    const points = [own(1, 100), own(2, 100), own(3, 150)];
    expect(await increments(...points)).toEqual([100n, 100n, 150n]);
    expect(await rowsOf(points, "FROM uncounted_metrics")).toEqual([]);
  });

  test("of no temporality counts for the least where starts are shared, and is named", async () => {
    const sharing = (minute: number, value: number): Point =>
      delta(minute, value, { temporality: "unspecified", from: at(0) });
    const points = [sharing(1, 100), sharing(2, 200), sharing(3, 50)];
    expect(await increments(...points)).toEqual([100n, 100n, 50n]);
    const named = "SELECT reason, points::INT, value_sum, counted_sum FROM uncounted_metrics";
    expect(await rowsOf(points, named)).toEqual([["temporality not sent", 3, 350, 250]]);
    const found = "SELECT agrees, likely_cause, unclear_points FROM coverage";
    expect(await rowsOf(points, found)).toEqual([[false, "metrics of unclear kind", 3n]]);
  });

  test("may spell its type with underscores", async () => {
    const point = delta(1, 10, { attributes: { ...input, type: "cache_read" } });
    expect(await rowsOf([point], "SELECT type FROM token_usage")).toEqual([["cacheRead"]]);
  });
});

describe("the ledger of usage", () => {
  const point = (session: string, type: string, value: number): Point =>
    cumulative(1, value, { temporality: "delta", attributes: { "session.id": session, type } });
  const spent = (session: string, value: number): Point => ({
    ...point(session, "", value),
    metric: "cost.usage",
  });
  const LEDGERS = `SELECT session_id, ledger, requests, total_tokens, CAST(cost_usd AS DOUBLE)
    FROM sessions ORDER BY session_id`;

  test("is the events, the metrics only where there are no events, and never both", async () => {
    const rows = await rowsOf(
      [
        request(at(1)),
        point("s1", "input", 500),
        spent("s1", 5),
        point("s2", "input", 20),
        point("s2", "cacheCreation", 3),
        spent("s2", 0.5),
      ],
      LEDGERS,
    );
    expect(rows).toEqual([
      ["s1", "events", 1n, 13n, 0.01],
      ["s2", "metrics", null, 23n, 0.5],
    ]);
  });

  test("counts per user if session ids are switched off", async () => {
    const none = { "session.id": "" };
    const rows = await rowsOf(
      [
        request(at(1), { ...none, "user.id": "u1" }),
        cumulative(1, 70, {
          temporality: "delta",
          attributes: { ...none, ...input, "user.id": "u1" },
        }),
        cumulative(1, 20, {
          temporality: "delta",
          attributes: { ...none, ...input, "user.id": "u2" },
        }),
      ].map((each) => withoutSession(each)),
      "SELECT user_id, ledger, total_tokens FROM usage ORDER BY user_id",
    );
    expect(rows).toEqual([
      ["u1", "events", 13n],
      ["u2", "metrics", 20n],
    ]);
  });

  test("holds numbers that overflow a sum", async () => {
    const huge = request(at(1), { input_tokens: 9223372036854775807n });
    const rows = await rowsOf([huge], "SELECT input_tokens, total_tokens FROM api_requests");
    expect(rows).toEqual([[9223372036854775807n, 9223372036854775810n]]);
  });
});

describe("a request", () => {
  test.each([
    [undefined, "unknown"],
    ["", "unknown"],
    ["sdk", "main"],
    ["repl_main_thread", "main"],
    ["repl_main_thread:outputStyle:custom", "main"],
    ["agent:builtin:general-purpose", "subagent"],
    ["agent:custom", "subagent"],
    ["hook_agent", "subagent"],
    ["compact", "auxiliary"],
    ["hook_prompt", "auxiliary"],
  ])("asked by %s is %s", async (source, kind) => {
    const event = request(at(1), source === undefined ? {} : { query_source: source });
    expect(await rowsOf([event], "SELECT source_kind FROM api_requests")).toEqual([[kind]]);
    const both = await db?.store.reading((session) =>
      session.rows("SELECT source_kind FROM usage"),
    );
    expect(both).toEqual([{ source_kind: kind }]);
  });

  test("without cost_usd costs what cost_usd_micros says", async () => {
    const { attributes, ...rest } = request(at(1), { cost_usd_micros: 12345 });
    const { cost_usd: _, ...left } = attributes ?? {};
    const event = { ...rest, attributes: left };
    expect(await rowsOf([event], "SELECT cost_usd FROM api_requests")).toEqual([["0.012345000"]]);
  });

  test("takes its tags from itself first, then from the resource", async () => {
    const event = request(at(1), { stage: "own" }, { stage: "resource", task_id: "t1" });
    expect(
      await rowsOf(
        [event],
        "SELECT stage, task_id, attribution, tags ->> 'stage' FROM api_requests",
      ),
    ).toEqual([["own", "t1", "tag", "own"]]);
    const tasks = await db?.store.reading((session) =>
      session.rows("SELECT stage, task_id FROM tasks"),
    );
    expect(tasks).toEqual([{ stage: "own", task_id: "t1" }]);
  });
});

function withoutSession<T extends Event | Point>(record: T): T {
  const { "session.id": _, ...attributes } = { ...record.attributes };
  return { ...record, attributes };
}
