import { afterEach, describe, expect, test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import type { LiveRecord, LiveScope } from "../../src/live/record.ts";
import {
  liveRowsSince,
  loadLive,
  NO_MARKS,
  type StoreMarks,
} from "../../src/live-store/live-rows.ts";
import { linesOf } from "../support/fixtures.ts";
import { LineWriter, loaded, options, refresh } from "../support/live.ts";
import { type Event, line, type Point, request } from "../support/otlp.ts";
import { storeOf, type TestStore } from "../support/telemetry.ts";

let db: TestStore | undefined;
afterEach(async () => {
  await db?.remove();
  db = undefined;
});

const everything: LiveScope = { since: 0, detailedSince: 0, recentEvents: 10 };
const now = Date.parse("2026-11-21T12:00:00.000Z") * 1000;
const at = (hoursAgo: number): string => new Date(now / 1000 - hoursAgo * 3_600_000).toISOString();
const none = NO_MARKS;

async function write(store: TestStore, ...records: readonly (Event | Point)[]): Promise<void> {
  const writer = new LineWriter();
  for (const record of records) writer.decode(line(record));
  await writer.store(store.store, async () => undefined);
}

/** Knows every session, and no run of a subagent. */
const all = { knows: () => true, movesRuns: () => false };

const byId = (records: readonly LiveRecord[]): LiveRecord[] =>
  [...records].sort((a, b) => (a.id < b.id ? -1 : 1));

describe("records of the store", () => {
  test.each(["L-workflow.jsonl", "L-json-details.jsonl", "V-2.1.112.jsonl", "L-json-err.jsonl"])(
    "are those that were decoded: %s",
    async (file) => {
      db = await storeOf();
      const writer = new LineWriter();
      const decoded = linesOf(file).flatMap((each) => writer.decode(each));
      const stored = await writer.store(db.store, (session) =>
        liveRowsSince(session, none, everything, all),
      );
      expect(byId(stored?.records ?? [])).toEqual(byId(decoded));
      const requested = new Set(
        decoded.flatMap(({ kind, sessionId }) => (kind === "request" ? [sessionId] : [])),
      );
      const loaded = await db.store.reading((session) => loadLive(session, everything));
      const kept = (each: LiveRecord): boolean =>
        each.kind !== "usage" || !requested.has(each.sessionId);
      expect(byId(loaded.records.filter(kept))).toEqual(byId(decoded.filter(kept)));
      expect(loaded.marks).toEqual(stored?.marks);
    },
  );
});

describe("rows since some marks", () => {
  const scope = new LiveView(options).scope(now);

  test("are nothing where nothing came, and undefined where rows are gone", async () => {
    db = await storeOf();
    await write(db, request(at(1)));
    const { store } = db;
    const since = (from: StoreMarks): ReturnType<typeof liveRowsSince> =>
      store.reading((session) => liveRowsSince(session, from, scope, all));
    const marks = { ...none, api_request_logs: 1, request_days: 1 };
    const nothing = { records: [], groups: [], older: [], traces: [], recent: [], days: [] };
    expect(await since(marks)).toEqual({ ...nothing, marks });
    expect(await since({ ...marks, other_logs: 1 })).toBeUndefined();
  });

  test("hold a session whole that wakes after days, and none that sleeps", async () => {
    db = await storeOf();
    await write(db, request(at(200)), request(at(100)));
    const view = await loaded(db.store, now);
    expect(view.knows("s1")).toBe(false);
    await write(db, request(at(90)), request(at(0)), request(at(80), { "session.id": "s2" }));
    await db.store.reading((session) =>
      refresh(session, view, { ...none, api_request_logs: 2 }, now, 0),
    );
    const [woken, ...others] = view.snapshot(now).sessions;
    expect(others).toEqual([]);
    expect(woken).toMatchObject({ sessionId: "s1", requests: 4, inputTokens: 40n });
    expect(woken?.firstTime).toBe(Date.parse(at(200)) * 1000);
    expect(view.knows("s2")).toBe(false);
  });

  test("come in groups where they are many, and say the same", async () => {
    db = await storeOf();
    const { store } = db;
    const old: Point = {
      at: at(3),
      metric: "token.usage",
      value: 7,
      attributes: { type: "input" },
    };
    await write(db, request(at(1)), { at: at(2), name: "tool_result" }, old);
    const view = await loaded(store, now);
    const marks = await store.writing(async (session) => {
      const { marks: before } = await loadLive(session, view.scope(now));
      await session.run(`INSERT INTO base.api_request_logs BY NAME
        SELECT stored.* REPLACE (uuid() AS record_id, time - to_seconds(i) AS time,
          'm' || i % 3 AS model, 's' || i % 7 AS session_id)
        FROM base.api_request_logs AS stored, range(6000) AS each(i)`);
      return before;
    });
    await store.reading(async (session) => {
      const rows = await liveRowsSince(session, marks, view.scope(now), view);
      expect(rows?.records).toEqual([]);
      expect(rows?.groups.length).toBeLessThan(400);
      expect(rows?.recent.length).toBe(options.recentEvents);
      if (rows !== undefined) view.stored(rows, 0);
    });
    const snapshot = view.snapshot(now);
    expect(snapshot.today).toMatchObject({ requests: 6001, sessions: 7 });
    expect(snapshot).toEqual((await loaded(store, now)).snapshot(now));
  });
});

describe("what has no session id", () => {
  const nameless = (hoursAgo: number, value: number): Point => ({
    at: at(hoursAgo),
    from: at(400),
    metric: "token.usage",
    temporality: "cumulative",
    value,
    attributes: { type: "input", "user.id": "u1" },
  });

  test("grows from its last point before what is kept", async () => {
    db = await storeOf();
    await write(db, nameless(300, 10), nameless(70, 25), nameless(1, 40));
    const view = await loaded(db.store, now);
    expect(view.snapshot(now).today).toMatchObject({ ledger: "metrics", inputTokens: 15n });
    expect(view.snapshot(now).sessions).toEqual([]);
  });

  test("grows from it after days without any", async () => {
    db = await storeOf();
    await write(db, nameless(300, 10), nameless(70, 25));
    const view = await loaded(db.store, now);
    await write(db, nameless(1, 40));
    await db.store.reading((session) =>
      refresh(session, view, { ...none, metric_points: 2 }, now, 0),
    );
    expect(view.snapshot(now).today).toMatchObject({ ledger: "metrics", inputTokens: 15n });
  });

  test("comes from requests if the user had any, however long ago", async () => {
    db = await storeOf();
    const { attributes, ...event } = request(at(300), { "user.id": "u1" });
    const { "session.id": _, ...rest } = attributes ?? {};
    await write(db, { ...event, attributes: rest }, nameless(1, 40));
    const view = await loaded(db.store, now);
    expect(view.snapshot(now).today).toMatchObject({ ledger: undefined, inputTokens: 0n });
  });
});
