import fc from "fast-check";
import { test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import type { Value } from "../../src/store/session.ts";
import { cost, tokens } from "../support/amounts.ts";
import { LineWriter, options } from "../support/live.ts";
import { line, request } from "../support/otlp.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf } from "../support/telemetry.ts";
import { holdsInEach } from "../support/worlds.ts";

const numRuns = runs(100);

/** A record of a request, by one of several routes. */
const sent = fc.record({
  id: fc.constantFrom("req_1", "req_1", "req_2", "req_3", ""),
  session: fc.constantFrom("s1", "s1", "s2", undefined),
  route: fc.constantFrom("laptop", "gateway", "third"),
  day: fc.constantFrom(1, 1, 2, 30),
  cost,
  tokens: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(10, "10") },
    { weight: 1, arbitrary: tokens },
  ),
});
type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never;

/** Requests that arrive in these batches, and the order in which their records arrive one by one. */
const world = fc.record({
  batches: fc.array(fc.array(sent, { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 4,
  }),
  keys: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

/** Worlds share no ids: nothing else joins the records of a request. */
function lineOf(
  { id, session, route, day, cost: priced, tokens: input }: Sent,
  at: number,
): string {
  const record = request(
    `2026-11-${String(day).padStart(2, "0")}T00:00:00.000Z`,
    { request_id: id === "" ? "" : `${at}-${id}`, input_tokens: input, "user.id": String(at) },
    { "deployment.environment": route },
  );
  const { "session.id": _, cost_usd: _cost, ...others } = record.attributes ?? {};
  const whose = session === undefined ? {} : { "session.id": `${at}-${session}` };
  return line({ ...record, attributes: { ...others, ...whose, ...priced } });
}

interface Stored {
  readonly record: string;
  readonly request: string | null;
  readonly session: string | null;
  readonly priced: boolean;
  readonly tokens: bigint;
  readonly repeated: boolean;
}

/** Which records do not count, by the words of the decision. */
function repeatedOf(records: readonly Stored[]): readonly Stored[] {
  const isBefore = (one: Stored, other: Stored): boolean =>
    one.priced === other.priced ? one.record < other.record : one.priced;
  return records.filter(
    (each) =>
      each.request !== null &&
      each.request !== "" &&
      records.some(
        (other) =>
          other.request === each.request &&
          (other.session === each.session
            ? isBefore(other, each)
            : each.session === null && other.session !== null),
      ),
  );
}

/** What counts of records. */
interface Counted {
  readonly requests: number;
  readonly unpriced: number;
  readonly tokens: bigint;
}

function countedOf(records: readonly Stored[]): Counted {
  return {
    requests: records.length,
    unpriced: records.filter(({ priced }) => !priced).length,
    tokens: records.reduce((sum, each) => sum + each.tokens, 0n),
  };
}

const recordsOf = (records: readonly Stored[]) => records.map(({ record }) => record).sort();

/** A line of a world. */
interface Arriving {
  readonly world: number;
  readonly text: string;
}

/** What becomes of batches that nothing came before, by world: its records, and what counts, live as well. */
async function stored(batches: readonly (readonly Arriving[])[]) {
  const { store, remove } = await storeOf();
  try {
    const writer = new LineWriter();
    const views = new Map<number, LiveView>();
    for (const batch of batches) {
      for (const { world: at, text } of batch) {
        const view = views.get(at) ?? new LiveView({ ...options, day: () => "one for all" });
        views.set(at, view);
        view.take(writer.decode(text), 0);
      }
      await writer.store(store, async () => undefined);
    }
    const [records, counted] = await store.reading(
      async (session) => [await session.rows(RECORDS), await session.rows(COUNTED)] as const,
    );
    return { records: byWorld<Stored>(records), counted: byWorld<Counted>(counted), views };
  } finally {
    await remove();
  }
}

const RECORDS = `
  SELECT user_id AS world, CAST(record_id AS VARCHAR) AS record, request_id AS request,
    session_id AS session, cost_nano_usd IS NOT NULL AS priced,
    input_tokens AS tokens, repeated IS NOT NULL AS repeated
  FROM base.api_request_logs`;

const COUNTED = `
  SELECT user_id AS world, CAST(sum(requests) AS INTEGER) AS requests,
    CAST(count(*) FILTER (WHERE cost_usd IS NULL) AS INTEGER) AS unpriced,
    base.total(input_tokens) AS tokens
  FROM usage GROUP BY user_id`;

/** Rows by world, without its name. */
function byWorld<Row>(rows: readonly Readonly<Record<string, Value>>[]): Map<string, Row[]> {
  const worlds = new Map<string, Row[]>();
  for (const { world: name, ...row } of rows) {
    const key = String(name);
    const known = worlds.get(key);
    if (known === undefined) worlds.set(key, [row as Row]);
    else known.push(row as Row);
  }
  return worlds;
}

/** The first batches of all worlds, their second batches, and so on. */
function together(worlds: readonly (readonly (readonly Arriving[])[])[]): readonly Arriving[][] {
  const most = Math.max(...worlds.map((batches) => batches.length));
  return Array.from({ length: most }, (_, n) => worlds.flatMap((batches) => batches[n] ?? []));
}

function live(view: LiveView | undefined): Counted | undefined {
  const today = view?.snapshot(Date.parse("2026-11-02") * 1000).today;
  if (today === undefined) return undefined;
  const { requests = 0, unpricedRequests: unpriced, inputTokens } = today;
  return { requests, unpriced, tokens: inputTokens };
}

async function outcomes(worlds: readonly World[]) {
  const inBatches = worlds.map(({ batches }, at) =>
    batches.map((batch) => batch.map((each) => ({ world: at, text: lineOf(each, at) }))),
  );
  const oneByOne = worlds.map(({ keys }, at) =>
    (inBatches[at] ?? [])
      .flat()
      .map((each, n) => [keys[n] ?? 0, each] as const)
      .sort(([one], [other]) => one - other)
      .map(([, each]) => [each]),
  );
  const orders = [await stored(together(inBatches)), await stored(together(oneByOne))];
  return worlds.map((_, at) => {
    const of = ({ records }: (typeof orders)[number]) => records.get(String(at)) ?? [];
    const records = orders.slice(0, 1).flatMap(of);
    const repeated = repeatedOf(records);
    const marked = recordsOf(repeated);
    const counted = countedOf(records.filter((each) => !repeated.includes(each)));
    return {
      found: orders.map((order) => ({
        marked: recordsOf(of(order).filter((each) => each.repeated)),
        counted: order.counted.get(String(at)),
        live: live(order.views.get(at)),
      })),
      expected: orders.map(() => ({ marked, counted: [counted], live: counted })),
    };
  });
}

test(`one record of a request counts, the same in any order, in ${numRuns} worlds (FAULT_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  await holdsInEach(world, { seed, numRuns, atOnce: 2_000 }, outcomes);
});
