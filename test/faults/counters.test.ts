import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { importPaths, openStore } from "@cctelemetry/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Event, line, type Point } from "../../packages/core/test/support/otlp.ts";
import { seed } from "../../packages/core/test/support/runs.ts";
import { writeEmptyDatabase } from "../../packages/core/test/support/telemetry.ts";
import { testFolder } from "../support/cli.ts";
import { noteResult } from "./support/results.ts";

/** Sessions in all; so many of them in one database at a time. */
const wanted = Number(process.env["FAULTS_CASES"] ?? 200);
const TOGETHER = 50;

/** A dollar in parts of 2^-9: exact as a double, and with nine decimals. */
const COST_PARTS = 512;
const NANO_PER_PART = 1_953_125n;
const BEYOND_DOUBLES = 2n ** 53n + 1n;

/** One life of a counter: from its start to its restart. */
interface Life {
  /** True where the restart shows only by a smaller value, with the same start time. */
  readonly hidden: boolean;
  readonly increments: readonly number[];
}

/** A session that reports its usage by counters, and perhaps by events as well. */
interface Case {
  readonly temporality: "delta" | "cumulative";
  readonly lives: readonly Life[];
  readonly costs: readonly number[];
  readonly events: boolean;
  /** The counter begins beyond what a double holds exactly. */
  readonly huge: boolean;
  /** How many of its lines come twice. */
  readonly repeated: number;
}

const cases: fc.Arbitrary<Case> = fc.record({
  temporality: fc.constantFrom("delta", "cumulative"),
  lives: fc.array(
    fc.record({
      hidden: fc.boolean(),
      increments: fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  costs: fc.array(
    fc.oneof(
      fc.integer({ min: 0, max: 5_000 }),
      fc.constantFrom(COST_PARTS, 100_000 * COST_PARTS, 100_000 * COST_PARTS - 1),
    ),
    { maxLength: 4 },
  ),
  events: fc.boolean(),
  huge: fc.boolean(),
  repeated: fc.nat(4),
});

/** What was used: tokens, and nano-dollars. */
interface Truth {
  readonly tokens: bigint;
  readonly nanoUsd: bigint;
}

test(`counters come out exact in ${wanted} sessions (FAULT_SEED=${seed})`, async () => {
  let sessions = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(cases, { minLength: TOGETHER, maxLength: TOGETHER }),
      fc.infiniteStream(fc.nat()),
      async (batch, order) => {
        const lines = batch.flatMap((each, index) => linesOf(each, `session-${index}`));
        const shuffled = lines
          .map((text) => ({ text, key: order.next().value }))
          .sort((one, other) => one.key - other.key)
          .map(({ text }) => text);
        const counted = await countedBy(shuffled);
        const truths = batch.map((each, index) => [`session-${index}`, truthOf(each)] as const);
        expect(counted).toEqual(new Map(truths.filter(([, truth]) => truth.tokens > 0n)));
        sessions += batch.length;
      },
    ),
    { numRuns: Math.ceil(wanted / TOGETHER), seed },
  );
  noteResult({ part: "C1", sessions, seed });
}, 1_800_000);

function truthOf({ lives, costs, huge }: Case): Truth {
  const used = lives.flatMap(({ increments }) => increments);
  const tokens = used.reduce((sum, value) => sum + BigInt(value), huge ? BEYOND_DOUBLES : 0n);
  const parts = costs.reduce((sum, value) => sum + BigInt(value), 0n);
  return { tokens, nanoUsd: parts * NANO_PER_PART };
}

/** The lines of a session, some of them twice, in the order of their times. */
function linesOf(each: Case, session: string): string[] {
  const lines = [...tokenPoints(each, session), ...costPoints(each, session)].map(line);
  const all = each.events ? [...lines, ...eventsOf(each, session).map(line)] : lines;
  return [...all, ...all.slice(0, each.repeated)];
}

function tokenPoints({ temporality, lives, huge }: Case, session: string): Point[] {
  const points: Point[] = [];
  const attributes = { "session.id": session, model: "claude-opus-5-5", type: "input" };
  let minute = 0;
  let from = minute;
  let before = 0n;
  for (const [index, { hidden, increments }] of lives.entries()) {
    const [first = 0] = increments;
    const begin = BigInt(first) + (huge && index === 0 ? BEYOND_DOUBLES : 0n);
    // Only a fall shows a restart that keeps its start time.
    if (!hidden || begin >= before) from = minute;
    let value = 0n;
    for (const [at, increment] of increments.entries()) {
      const step = at === 0 ? begin : BigInt(increment);
      value += step;
      minute++;
      const shown = temporality === "delta" ? step : value;
      const start = temporality === "delta" ? minute - 1 : from;
      points.push({
        at: time(minute),
        from: time(start),
        metric: "token.usage",
        temporality,
        integer: true,
        value: String(shown),
        attributes,
      });
    }
    before = value;
    minute += 2;
  }
  return points;
}

function costPoints({ temporality, costs }: Case, session: string): Point[] {
  const attributes = { "session.id": session, model: "claude-opus-5-5" };
  let sum = 0;
  return costs.map((cost, index) => {
    sum += cost;
    return {
      at: time(index + 1),
      from: time(temporality === "delta" ? index : 0),
      metric: "cost.usage",
      temporality,
      value: (temporality === "delta" ? cost : sum) / COST_PARTS,
      attributes,
    };
  });
}

/** The same usage by one request per increment. */
function eventsOf({ lives, costs, huge }: Case, session: string): Event[] {
  const common = { "session.id": session, model: "claude-opus-5-5" };
  const tokens = lives.flatMap(({ increments }) => increments).map(BigInt);
  if (huge) tokens.push(BEYOND_DOUBLES);
  const requests = tokens.map((input, index) => ({
    at: time(index),
    name: "api_request",
    attributes: { ...common, request_id: `${session}-t${index}`, input_tokens: input },
  }));
  const paid = costs.map((cost, index) => ({
    at: time(index),
    name: "api_request",
    attributes: {
      ...common,
      request_id: `${session}-c${index}`,
      input_tokens: 0,
      cost_usd: cost / COST_PARTS,
    },
  }));
  return [...requests, ...paid];
}

function time(minute: number): string {
  return new Date(Date.UTC(2026, 9, 5, 8, minute)).toISOString();
}

/** What the view `usage` makes of the lines, by session. */
async function countedBy(lines: readonly string[]): Promise<ReadonlyMap<string, Truth>> {
  const folder = await testFolder();
  const path = join(folder, "telemetry.jsonl");
  await writeFile(path, lines.map((text) => `${text}\n`).join(""));
  await writeEmptyDatabase(join(folder, "store.duckdb"));
  const store = await openStore(join(folder, "store.duckdb"));
  try {
    await importPaths(store, [path]);
    const rows = await store.reading((session) =>
      session.rows(`
        SELECT session_id, CAST(sum(input_tokens) AS VARCHAR) AS tokens,
          CAST(CAST(coalesce(sum(cost_usd), 0) * 1000000000 AS HUGEINT) AS VARCHAR) AS nano_usd
        FROM usage GROUP BY session_id`),
    );
    return new Map(
      rows.map((row) => [
        String(row["session_id"]),
        { tokens: BigInt(String(row["tokens"])), nanoUsd: BigInt(String(row["nano_usd"])) },
      ]),
    );
  } finally {
    await store.close();
  }
}
