import fc from "fast-check";
import { expect, test } from "vitest";
import { loadLive } from "../../src/ingest/live-rows.ts";
import { LiveView } from "../../src/live/pending.ts";
import { cost, tokens } from "../support/amounts.ts";
import { asked, comparable, LineWriter, loaded, options, refresh } from "../support/live.ts";
import { type Event, line, type Point, request } from "../support/otlp.ts";
import { runs } from "../support/runs.ts";
import { storeOf } from "../support/telemetry.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const MINUTE = 60_000;

/** Minutes ago: mostly of these minutes, some of yesterday, a few from before anything is kept. */
const ago = (oldest: number): fc.Arbitrary<string> =>
  fc
    .oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) },
      { weight: 3, arbitrary: fc.integer({ min: 13, max: 1500 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: oldest }) },
    )
    .map((minutes) => new Date(NOW - minutes * MINUTE).toISOString());

/** Who: a session, with metrics and events or one of them, or a user whose session ids are switched off. */
const who = fc.constantFrom<Readonly<Record<string, string>>>(
  { "session.id": "s1" },
  { "session.id": "s2", "user.id": "u1" },
  { "session.id": "s3" },
  { "user.id": "u1" },
  { "user.id": "u2" },
  {},
);

const tags = fc.record(
  {
    stage: fc.constantFrom("plan", "implement"),
    workflow_id: fc.constantFrom("w1", "w2"),
    task_id: fc.constantFrom("t1"),
    model: fc.constantFrom("claude-opus-5-5", "claude-haiku-5-5"),
    "prompt.id": fc.constantFrom("p1", "p2"),
  },
  { requiredKeys: [] },
);

/** Ids of requests: some are recorded more than once, by other routes or in other sessions. */
const requestIds = fc.constantFrom(undefined, undefined, undefined, "r1", "r2", "r3");

const asRequest = (
  time: fc.Arbitrary<string>,
  ids: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<Event> =>
  fc
    .record({
      id: ids,
      time,
      who,
      tags,
      tokens,
      cost,
      source: fc.constantFrom("sdk", "agent:custom", "compact"),
    })
    .map((each) => {
      const id = each.id === undefined ? {} : { request_id: each.id };
      const used = { ...each.who, ...each.tags, ...each.cost, ...id, query_source: each.source };
      const { attributes, ...event } = request(each.time, { ...used, output_tokens: each.tokens });
      const { cost_usd: _cost, "session.id": session, ...left } = attributes ?? {};
      const kept = {
        ...each.cost,
        ...("session.id" in each.who ? { "session.id": session ?? "" } : {}),
      };
      return { ...event, attributes: { ...left, ...kept } };
    });

const asEvent = (time: fc.Arbitrary<string>): fc.Arbitrary<Event> =>
  fc
    .record({
      at: time,
      name: fc.constantFrom("tool_result", "api_error", "api_refusal", "user_prompt", "compaction"),
      who,
      tags,
      success: fc.constantFrom("true", "false"),
    })
    .map(({ at, name, who: whose, tags: told, success }) => ({
      ...{ at, name },
      attributes: { ...whose, ...told, success },
    }));

const asPoint = (time: fc.Arbitrary<string>): fc.Arbitrary<Point> =>
  fc
    .record({
      at: time,
      from: fc.constantFrom("2026-11-18T00:00:00.000Z", "2026-11-21T00:00:00.000Z"),
      metric: fc.constantFrom("token.usage", "cost.usage", "session.count"),
      temporality: fc.constantFrom("delta", "cumulative", "cumulative", "unspecified"),
      value: fc.constantFrom(0, 1, 5, 7.5, 20, 30.25, 31),
      integer: fc.boolean(),
      /** An integer as large as this is no longer told from the next one as a double. */
      huge: fc.constantFrom(0n, 0n, 0n, 2n ** 53n),
      monotonic: fc.constantFrom(true, true, false),
      flags: fc.constantFrom(undefined, undefined, undefined, 1, 2),
      who,
      type: fc.constantFrom("input", "output", "cacheRead", "cache_creation", "other"),
    })
    .map(({ who: whose, type, flags, integer, huge, value, ...point }) => ({
      ...point,
      ...(flags === undefined ? {} : { flags }),
      ...{ integer, value: integer ? String(BigInt(Math.floor(value)) + huge) : value },
      attributes: { ...whose, type, model: "claude-opus-5-5" },
    }));

const records = (
  oldest: number,
  ids: fc.Arbitrary<string | undefined> = requestIds,
): fc.Arbitrary<readonly (Event | Point)[]> =>
  fc.array(fc.oneof(asRequest(ago(oldest), ids), asEvent(ago(oldest)), asPoint(ago(oldest))), {
    minLength: 1,
    maxLength: 6,
  });

/** Who reads the records, which lines come, and whether a line comes that came before. */
const steps = (oldest: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.record({
      writer: fc.constantFrom("own", "own", "other"),
      records: records(oldest),
      again: fc.option(fc.nat(20), { nil: undefined, freq: 3 }),
      reloads: fc.constantFrom(false, false, false, true),
    }),
    { minLength: 1, maxLength: 7 },
  );

interface Step {
  readonly writer: "own" | "other";
  readonly records: readonly (Event | Point)[];
  readonly again: number | undefined;
  readonly reloads: boolean;
}

const KEPT_MINUTES = 50 * 60;

test.each([
  ["within the days that are kept", KEPT_MINUTES - 1],
  ["and from long before", 3 * KEPT_MINUTES],
])("two writers, records in any order %s", { timeout: 240_000 }, async (_name, oldest) => {
  const now = NOW * 1000;
  await fc.assert(
    fc.asyncProperty(steps(oldest), async (all) => {
      const db = await storeOf();
      const { store } = db;
      try {
        let view = await loaded(store, now);
        let marks = (await store.reading((session) => loadLive(session, view.scope(now)))).marks;
        const lines: string[] = [];
        const own = new LineWriter();
        for (const [generation, step] of all.entries()) {
          const repeated = step.again === undefined ? [] : (lines[step.again] ?? []);
          const added = [...step.records.map((record) => line(record)), ...[repeated].flat()];
          lines.push(...added);
          if (step.writer === "other") {
            const other = new LineWriter();
            for (const each of added) other.decode(each);
            await other.store(store, async () => undefined);
            continue;
          }
          for (const each of added) view.take(own.decode(each), generation);
          marks = await own.store(store, (session) =>
            refresh(session, view, marks, now, generation),
          );
          const told = view.snapshot(now);
          expect(comparable(told)).toEqual(await asked(store, now));
          const fresh = await loaded(store, now);
          expect(fresh.snapshot(now)).toEqual(told);
          if (step.reloads) view = fresh;
        }
        await store.reading(async (session) => {
          marks = await refresh(session, view, marks, now, all.length);
        });
        expect(comparable(view.snapshot(now))).toEqual(await asked(store, now));
      } finally {
        await db.remove();
      }
    }),
    { numRuns: runs(8), endOnFailure: true },
  );
});

test("one writer: what is shown before it is stored is what the store tells then", {
  timeout: 240_000,
}, async () => {
  const now = NOW * 1000;
  await fc.assert(
    fc.asyncProperty(
      fc.array(records(KEPT_MINUTES - 1, fc.constant(undefined)), { maxLength: 5 }),
      async (batches) => {
        const db = await storeOf();
        try {
          const view = new LiveView(options);
          let marks = { api_request_logs: 0, other_logs: 0, metric_points: 0, request_days: 0 };
          const writer = new LineWriter();
          for (const [generation, batch] of batches.entries()) {
            for (const record of batch) view.take(writer.decode(line(record)), generation);
            const before = view.snapshot(now);
            await writer.store(db.store, async (session) => {
              marks = await refresh(session, view, marks, now, generation);
            });
            expect(view.snapshot(now)).toEqual(before);
          }
        } finally {
          await db.remove();
        }
      },
    ),
    { numRuns: runs(8), endOnFailure: true },
  );
});
