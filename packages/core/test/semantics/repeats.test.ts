import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "../../src/store/store.ts";
import { LineWriter } from "../support/live.ts";
import { line, request } from "../support/otlp.ts";
import { runs } from "../support/runs.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);

/** A record of a request, by one of several routes. */
interface Sent {
  readonly id: string;
  readonly session: string | undefined;
  readonly route: string;
  readonly day: number;
  readonly priced: boolean;
  readonly tokens: number | string;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  id: fc.constantFrom("req_1", "req_1", "req_2", "req_3", ""),
  session: fc.constantFrom("s1", "s1", "s2", undefined),
  route: fc.constantFrom("laptop", "gateway", "third"),
  day: fc.constantFrom(1, 1, 2, 30),
  priced: fc.boolean(),
  tokens: fc.constantFrom(10, "10"),
});

function lineOf({ id, session, route, day, priced, tokens }: Sent): string {
  const at = `2026-11-${String(day).padStart(2, "0")}T00:00:00.000Z`;
  const record = request(
    at,
    { request_id: id, input_tokens: tokens },
    { "deployment.environment": route },
  );
  const { "session.id": _, cost_usd: cost, ...others } = record.attributes ?? {};
  const attributes = {
    ...others,
    ...(session === undefined ? {} : { "session.id": session }),
    ...(priced ? { cost_usd: cost ?? 0 } : {}),
  };
  return line({ ...record, attributes });
}

interface Stored {
  readonly record: string;
  readonly request: string | null;
  readonly session: string | null;
  readonly priced: boolean;
}

/** Which records do not count, by the words of the decision. */
function repeatedOf(records: readonly Stored[]): readonly string[] {
  const isBefore = (one: Stored, other: Stored): boolean =>
    one.priced === other.priced ? one.record < other.record : one.priced;
  return records
    .filter(
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
    )
    .map(({ record }) => record)
    .sort();
}

/** A database that is emptied again and again keeps what it needs to undo: now and then it is a new one. */
const DRAWS_OF_ONE = 40;
let draws = 0;
let db: TestStore;
beforeAll(async () => {
  db = await storeOf();
});
afterAll(() => db.remove());

/** What becomes of batches in a store that held nothing. */
async function stored(store: Store, batches: readonly (readonly string[])[]) {
  await store.writing((session) => session.run("DELETE FROM base.api_request_logs"));
  const writer = new LineWriter();
  for (const batch of batches) {
    for (const each of batch) writer.decode(each);
    await writer.store(store, async () => undefined);
  }
  return store.reading(async (session) => {
    const rows = await session.rows(
      `SELECT CAST(record_id AS VARCHAR) AS record, request_id AS request, session_id AS session,
         cost_usd IS NOT NULL AS priced, repeated FROM base.api_request_logs`,
    );
    const [counted] = await session.rows("SELECT count(*) AS n FROM api_requests");
    const records = rows as unknown as readonly (Stored & { readonly repeated: boolean | null })[];
    const marked = records.filter(({ repeated }) => repeated === true);
    return {
      records,
      marked: marked.map(({ record }) => record).sort(),
      counted: Number(counted?.["n"]),
    };
  });
}

test(`one record of a request counts, the same in any order (FAULT_SEED=${seed})`, {
  timeout: 3_600_000,
}, async () => {
  const arrival = fc.record({
    batches: fc.array(fc.array(sent, { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 4,
    }),
    keys: fc.array(fc.nat(), { minLength: 20, maxLength: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(arrival, async ({ batches, keys }) => {
      if (++draws % DRAWS_OF_ONE === 0) {
        await db.remove();
        db = await storeOf();
      }
      const lines = batches.map((batch) => batch.map(lineOf));
      const shuffled = lines
        .flat()
        .map((each, at) => [keys[at] ?? 0, each] as const)
        .sort(([one], [other]) => one - other)
        .map(([, each]) => [each]);
      const one = await stored(db.store, lines);
      const other = await stored(db.store, shuffled);
      expect(one.marked).toEqual(repeatedOf(one.records));
      expect(one.counted).toBe(one.records.length - one.marked.length);
      expect(other.marked).toEqual(one.marked);
    }),
    { numRuns: runs(10), seed },
  );
});
