import fc from "fast-check";
import { test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import { LineWriter, options } from "../support/live.ts";
import { type Event, line, type Point } from "../support/otlp.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf } from "../support/telemetry.ts";
import { holdsInEach } from "../support/worlds.ts";

const numRuns = runs(100);
const DAY = 86_400_000;
const HOUR = 3_600_000;

/**
 * Worlds have the same users, and do not meet since days lie between them: records of one end at most
 * a day after its noon, and begin at most three days before.
 */
const DAYS_OF_ONE = 7;
const FIRST_NOON = Date.parse("2021-01-10T12:00:00.000Z");
const noonOf = (world: number): number => FIRST_NOON + world * DAYS_OF_ONE * DAY;

/** What somebody asked, in a session of his own. */
interface Asked {
  readonly user: string;
  readonly session: string;
  /** Minutes since noon. */
  readonly minute: number;
  readonly day: number;
  readonly tokens: bigint;
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
    minute: fc.oneof(fc.nat(719), fc.integer({ min: 690, max: 719 })),
    day: fc.constantFrom(-2, -1, 0),
    tokens: fc.oneof(
      { weight: 4, arbitrary: fc.bigInt({ min: 1n, max: 1000n }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(2n ** 31n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 59n),
      },
    ),
  })
  .map(({ number, ...each }) => ({ ...each, session: `${each.user}-s${number}` }));

const ids: fc.Arbitrary<Ids> = fc.record({ session: fc.boolean(), user: fc.boolean() });

const world = fc.record({
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
  /** Seconds from a request to the time in which its point grew, which may be of the next day. */
  lag: fc.constantFrom(-20, -20, 600, 3000),
  /** A session of which no events came; its metrics hold what it used if its id is on both sides. */
  eventless: fc.constantFrom(undefined, undefined, "u1-s1", "u2-s2"),
  /** Whose points never came where events hold what they report. */
  pointless: fc.subarray(["u1-s1", "u1-s2", "u2-s1", "u2-s2"]),
  again: fc.array(fc.nat(31), { maxLength: 3 }),
  keys: fc.array(fc.nat(), { minLength: 32, maxLength: 32 }),
  at: fc.nat(8),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

function carried({ session, user }: Asked, has: Ids, at: number): Record<string, string> {
  return {
    ...(has.session ? { "session.id": `${at}-${session}` } : {}),
    ...(has.user ? { "user.id": user } : {}),
  };
}

function timeOf({ day, minute }: Asked, at: number): number {
  return noonOf(at) + day * DAY + minute * 60_000;
}

function eventsOf({ asked: all, events: has }: World, at: number): readonly Event[] {
  return all.map((each) => ({
    at: new Date(timeOf(each, at)).toISOString(),
    name: "api_request",
    attributes: { ...carried(each, has, at), model: "claude-opus-5-5", output_tokens: each.tokens },
  }));
}

/** What a process exports within an hour after each request; each session is a process of its own. */
function pointsOf(
  { asked: all, metrics: has, temporality, lag }: World,
  at: number,
): readonly Point[] {
  const sums = new Map<string, bigint>();
  return [...all]
    .sort((one, other) => timeOf(one, at) - timeOf(other, at))
    .map((each) => {
      const sum = (sums.get(each.session) ?? 0n) + each.tokens;
      sums.set(each.session, sum);
      const isSum = temporality === "cumulative";
      const grew = timeOf(each, at) + lag * 1000;
      const from = isSum ? noonOf(at) - HOUR / 2 - 2 * DAY : grew;
      return {
        at: new Date(grew + 60_000).toISOString(),
        from: new Date(from).toISOString(),
        metric: "token.usage",
        temporality,
        value: String(isSum ? sum : each.tokens),
        integer: true,
        attributes: { ...carried(each, has, at), type: "output", model: "claude-opus-5-5" },
        // The resource distinguishes processes if ids do not.
        resource: { "process.pid": `${at}-${each.session}` },
      };
    });
}

/** The lines of a world in the order in which they arrive. */
function linesOf(world: World, at: number): readonly string[] {
  const { asked: all, signals, keys, eventless, pointless, again } = world;
  const isWhole = world.events.session && world.metrics.session && signals === "both";
  const without = isWhole ? eventless : undefined;
  // What is lost of the metrics does not matter where events hold it.
  const lost = signals === "both" ? pointless.filter((session) => session !== without) : [];
  const events = eventsOf(world, at).filter((_, n) => all[n]?.session !== without);
  const points = pointsOf(world, at).filter(
    ({ resource }) => !lost.some((session) => resource?.["process.pid"] === `${at}-${session}`),
  );
  const records: readonly (Event | Point)[] = [
    ...(signals === "metrics" ? [] : events),
    ...(signals === "events" ? [] : points),
  ];
  const lines = records.map((record) => line(record));
  return [...lines, ...again.flatMap((n) => lines[n] ?? [])]
    .map((text, n) => [keys[n] ?? 0, text] as const)
    .sort(([one], [other]) => one - other)
    .map(([, text]) => text);
}

/** The tokens of each world, by the view `usage` and in a live state of its own. */
async function outcomes(worlds: readonly World[]) {
  const { store, remove } = await storeOf();
  try {
    const views = worlds.map(() => new LiveView({ ...options, day: () => "one day for all" }));
    const lines = worlds.map(linesOf);
    const writer = new LineWriter();
    for (const isFirst of [true, false]) {
      for (const [at, { at: half }] of worlds.entries()) {
        const part = lines[at]?.slice(...(isFirst ? [0, half] : [half])) ?? [];
        for (const text of part) views[at]?.take(writer.decode(text), 0);
      }
      await writer.store(store, async () => undefined);
    }
    const rows = await store.reading((session) => session.rows(TOKENS, { first: FIRST_NOON }));
    const stored = new Map(rows.map((row) => [Number(row["world"]), row["tokens"]]));
    return worlds.map(({ asked: all }, at) => {
      const truth = all.reduce((sum, { tokens }) => sum + tokens, 0n);
      const live = views[at]?.snapshot(noonOf(at) * 1000).today.outputTokens;
      return { found: { stored: stored.get(at), live }, expected: { stored: truth, live: truth } };
    });
  } finally {
    await remove();
  }
}

const TOKENS = `
  SELECT CAST(round((epoch_ms(time) - $first) / 86400000 / ${DAYS_OF_ONE}) AS INTEGER) AS world,
    base.total(output_tokens) AS tokens
  FROM usage GROUP BY world`;

test(`whatever ids each signal carries, usage counts once, in ${numRuns} worlds (FAULT_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await holdsInEach(world, { seed, numRuns, atOnce: 1_000 }, outcomes);
});
