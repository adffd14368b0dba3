import fc from "fast-check";
import { expect, test } from "vitest";
import { type Event, filesOf } from "../support/otlp.ts";
import { runs, seed } from "../support/runs.ts";
import { storeOf } from "../support/telemetry.ts";

/** Numbers of the events of one process, with some lost, and how many of them are lost in between. */
const drawnProcess = fc
  .record({ events: fc.integer({ min: 2, max: 30 }), lost: fc.array(fc.nat(29), { maxLength: 4 }) })
  .map(({ events, lost }) => {
    const numbers = [...Array(events).keys()].filter(
      (number) => number === 0 || number === events - 1 || !lost.includes(number),
    );
    return { numbers, missing: events - numbers.length };
  });

const sessions = fc.sample(fc.array(drawnProcess, { minLength: 1, maxLength: 4 }), {
  numRuns: runs(200),
  seed,
});

async function missingIn(events: readonly Event[]): Promise<ReadonlyMap<string, bigint>> {
  const { store, remove } = await storeOf(...(await filesOf(events)));
  try {
    const rows = await store.reading((session) =>
      session.rows("SELECT session_id, missing_events FROM base.missing_events"),
    );
    return new Map(
      rows.map((row) => [String(row["session_id"]), BigInt(String(row["missing_events"]))]),
    );
  } finally {
    await remove();
  }
}

/** Events with these numbers, a second apart. */
function eventsOf(id: string, numbers: readonly (number | bigint)[]): Event[] {
  return numbers.map((number, at) => ({
    at: new Date(Date.UTC(2026, 10, 1) + at * 1000).toISOString(),
    name: "tool_result",
    attributes: { "session.id": id, "event.sequence": number },
  }));
}

test(`gaps of each process of ${sessions.length} resumed sessions are counted (FAULT_SEED=${seed})`, async () => {
  const events = sessions.flatMap((processes, at) =>
    eventsOf(
      `s${at}`,
      processes.flatMap(({ numbers }) => numbers),
    ),
  );
  const found = await missingIn(events);
  for (const [at, processes] of sessions.entries()) {
    const missing = processes.reduce((sum, each) => sum + each.missing, 0);
    expect(found.get(`s${at}`), JSON.stringify(processes)).toBe(BigInt(missing));
  }
});

test.each([
  ["a gap that a second process has", [0, 1, 3, 4, 0, 1, 2, 3], 1n],
  ["a session that /clear began, resumed later", [57, 58, 59, 0, 1, 2], 0n],
  ["two processes at once", [0, 1, 2, 3, 100, 0, 101, 1, 102, 2], 96n],
  ["one event", [12], 0n],
  ["late arrivals", [0, 2, 1, 4, 3, 5], 0n],
  ["the greatest number", [0, 2n ** 63n - 1n], 2n ** 63n - 2n],
])("%s", async (_, numbers, missing) => {
  expect((await missingIn(eventsOf("s", numbers))).get("s")).toBe(missing);
});
