import fc from "fast-check";
import { expect, test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import { loadLive, NO_MARKS } from "../../src/live-store/live-rows.ts";
import { anyone, aRecord, aStagedRecord, NOW } from "../support/drawn-records.ts";
import { asked, comparable, LineWriter, loaded, options, refresh } from "../support/live.ts";
import { type Event, line, type Point } from "../support/otlp.ts";
import { runs } from "../support/runs.ts";
import { storeOf } from "../support/telemetry.ts";

const records = (
  oldest: number,
  ids?: fc.Arbitrary<string | undefined>,
): fc.Arbitrary<readonly (Event | Point)[]> =>
  fc.array(aRecord(oldest, anyone, ids), { minLength: 1, maxLength: 6 });

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
          const shown = view.snapshot(now);
          expect(comparable(shown)).toEqual(await asked(store, now));
          const fresh = await loaded(store, now);
          expect(fresh.snapshot(now)).toEqual(shown);
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
    { numRuns: runs(4), endOnFailure: true },
  );
});

test("marks and subagents, of two writers and in any order, show what a fresh start shows", {
  timeout: 240_000,
}, async () => {
  const now = NOW * 1000;
  const some = fc.array(aStagedRecord(KEPT_MINUTES - 1, anyone), { minLength: 1, maxLength: 8 });
  const batches = fc.array(fc.record({ isOwn: fc.boolean(), records: some }), {
    minLength: 1,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(batches, async (all) => {
      const db = await storeOf();
      try {
        const view = await loaded(db.store, now);
        let marks = (await db.store.reading((session) => loadLive(session, view.scope(now)))).marks;
        for (const [generation, { isOwn, records }] of all.entries()) {
          const writer = new LineWriter();
          for (const record of records) {
            const decoded = writer.decode(line(record));
            if (isOwn) view.take(decoded, generation);
          }
          await writer.store(db.store, async (session) => {
            marks = await refresh(session, view, marks, now, generation);
          });
          const shown = view.snapshot(now);
          expect(shown).toEqual((await loaded(db.store, now)).snapshot(now));
          expect(comparable(shown)).toEqual(await asked(db.store, now));
        }
      } finally {
        await db.remove();
      }
    }),
    { numRuns: runs(6), endOnFailure: true },
  );
});

test("one writer: what is shown before it is stored is what the store says then", {
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
          let marks = NO_MARKS;
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
    { numRuns: runs(4), endOnFailure: true },
  );
});
