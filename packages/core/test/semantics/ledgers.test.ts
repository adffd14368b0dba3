import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordTables } from "../../src/model/columns.ts";
import { LineWriter } from "../support/live.ts";
import { type Event, line, type Point } from "../support/otlp.ts";
import { runs } from "../support/runs.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);
const DAY = 86_400_000;
const HOUR = 3_600_000;
const NOON = Date.parse("2026-11-20T12:00:00.000Z");
const START = NOON - HOUR / 2;

/** What somebody asked, in a session of his own. */
interface Asked {
  readonly user: string;
  readonly session: string;
  /** Minutes since noon. */
  readonly minute: number;
  readonly day: number;
  readonly tokens: number;
}

/** Which ids the records of a signal carry. */
interface Ids {
  readonly session: boolean;
  readonly user: boolean;
}

const asked: fc.Arbitrary<Asked> = fc
  .record({
    user: fc.constantFrom("u1", "u2"),
    number: fc.constantFrom(1, 2),
    minute: fc.nat(700),
    day: fc.constantFrom(-2, -1, 0),
    tokens: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ number, ...each }) => ({ ...each, session: `${each.user}-s${number}` }));

const ids: fc.Arbitrary<Ids> = fc.record({ session: fc.boolean(), user: fc.boolean() });

const cases = fc.record({
  asked: fc.uniqueArray(asked, {
    minLength: 1,
    maxLength: 8,
    selector: ({ day, minute }) => `${day} ${minute}`,
  }),
  /** Which signals are exported at all. */
  signals: fc.constantFrom("both", "both", "both", "events", "metrics"),
  events: ids,
  metrics: ids,
  temporality: fc.constantFrom("delta", "cumulative", "unspecified"),
  keys: fc.array(fc.nat(), { minLength: 32, maxLength: 32 }),
  at: fc.nat(4),
});

function timeOf({ day, minute }: Asked): number {
  return NOON + day * DAY + minute * 60_000;
}

function carried({ session, user }: Asked, has: Ids): Record<string, string> {
  return {
    ...(has.session ? { "session.id": session } : {}),
    ...(has.user ? { "user.id": user } : {}),
  };
}

function eventOf(each: Asked, has: Ids): Event {
  return {
    at: new Date(timeOf(each)).toISOString(),
    name: "api_request",
    attributes: { ...carried(each, has), model: "claude-opus-5-5", output_tokens: each.tokens },
  };
}

/** What a process exports within a minute after each request; each session is a process of its own. */
function pointsOf(
  all: readonly Asked[],
  has: Ids,
  temporality: "delta" | "cumulative" | "unspecified",
): readonly Point[] {
  const sums = new Map<string, number>();
  return [...all]
    .sort((one, other) => timeOf(one) - timeOf(other))
    .map((each) => {
      const sum = (sums.get(each.session) ?? 0) + each.tokens;
      sums.set(each.session, sum);
      const isSum = temporality === "cumulative";
      const from = isSum ? START - 2 * DAY : timeOf(each) - 20_000;
      return {
        at: new Date(timeOf(each) + 40_000).toISOString(),
        from: new Date(from).toISOString(),
        metric: "token.usage",
        temporality,
        value: isSum ? sum : each.tokens,
        attributes: { ...carried(each, has), type: "output", model: "claude-opus-5-5" },
        // A process is told from another by its resource where ids do not tell it.
        resource: { "process.pid": each.session },
      };
    });
}

let db: TestStore;
beforeAll(async () => {
  db = await storeOf();
});
afterAll(() => db.remove());

/** A database that is emptied again and again keeps what it needs to undo: now and then it is a new one. */
const DRAWS_OF_ONE = 40;
let draws = 0;

async function emptied(): Promise<void> {
  if (++draws % DRAWS_OF_ONE === 0) {
    await db.remove();
    db = await storeOf();
    return;
  }
  await db.store.writing(async (session) => {
    for (const name of [...Object.keys(recordTables), "request_days"]) {
      await session.run(`DELETE FROM base.${name}`);
    }
  });
}

test(`whatever ids each signal carries, usage counts once (FAULT_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (each) => {
      await emptied();
      const events = each.asked.map((one) => eventOf(one, each.events));
      const points = pointsOf(each.asked, each.metrics, each.temporality);
      const records: readonly (Event | Point)[] = [
        ...(each.signals === "metrics" ? [] : events),
        ...(each.signals === "events" ? [] : points),
      ];
      const lines = records
        .map((record, at) => [each.keys[at] ?? 0, line(record)] as const)
        .sort(([one], [other]) => one - other)
        .map(([, text]) => text);
      const half = Math.min(each.at, lines.length);
      for (const part of [lines.slice(0, half), lines.slice(half)]) {
        const writer = new LineWriter();
        for (const text of part) writer.decode(text);
        await writer.store(db.store, async () => undefined);
      }
      const truth = BigInt(each.asked.reduce((sum, { tokens }) => sum + tokens, 0));
      const [row] = await db.store.reading((session) =>
        session.rows("SELECT base.total(output_tokens) AS tokens FROM usage"),
      );
      expect(row?.["tokens"]).toBe(truth);
    }),
    { numRuns: runs(15), seed },
  );
});
