import { describe, expect, test } from "vitest";
import { LiveView } from "../../src/live/pending.ts";
import type { LiveRecord, LiveRows } from "../../src/live/record.ts";
import { LineWriter, options } from "../support/live.ts";
import { line, request } from "../support/otlp.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const HOUR = 3_600_000;

/** A request of a session some hours ago; each number makes another one. */
function spent(number: number, session = "s1", hoursAgo = 0): readonly LiveRecord[] {
  const at = new Date(NOW - hoursAgo * HOUR).toISOString();
  const event = request(at, { "session.id": session, "event.sequence": number });
  return new LineWriter().decode(line(event));
}

function rows(...records: readonly (readonly LiveRecord[])[]): LiveRows {
  const nothing = { groups: [], older: [], traces: [], recent: [], days: [] };
  return { ...nothing, records: records.flat() };
}

function requestsOf(
  view: LiveView,
  ms: number = NOW,
): Readonly<Record<string, number | undefined>> {
  const { sessions } = view.snapshot(ms * 1000);
  return Object.fromEntries(sessions.map(({ sessionId, requests }) => [sessionId, requests]));
}

describe("what is pending", () => {
  test("counts until its generation is stored, and then as the store has it", () => {
    const view = new LiveView(options);
    view.load(rows(spent(1)));
    view.take([...spent(2), ...spent(3)], 1);
    view.take(spent(4, "s2"), 2);
    expect(requestsOf(view)).toEqual({ s1: 3, s2: 1 });
    // The store held the third already, under another number: what it says counts.
    view.stored(rows(spent(2)), 1);
    expect(requestsOf(view)).toEqual({ s1: 2, s2: 1 });
    view.stored(rows(), 2);
    expect(requestsOf(view)).toEqual({ s1: 2 });
  });

  test("counts once where it is read twice, or another process stored it first", () => {
    const view = new LiveView(options);
    view.load(rows(spent(1)));
    view.take([...spent(1), ...spent(2)], 1);
    view.take(spent(2), 2);
    expect(requestsOf(view)).toEqual({ s1: 2 });
    view.stored(rows(spent(2)));
    expect(requestsOf(view)).toEqual({ s1: 2 });
    view.take(spent(2), 3);
    expect(requestsOf(view)).toEqual({ s1: 2 });
  });

  test("is gone when its generation is forgotten, and stays when the store is loaded again", () => {
    const view = new LiveView(options);
    view.take(spent(1), 1);
    view.take(spent(2), 2);
    view.forget(1);
    expect(requestsOf(view)).toEqual({ s1: 1 });
    view.load(rows(spent(3)));
    expect(requestsOf(view)).toEqual({ s1: 2 });
    expect(view.knows("s1")).toBe(true);
    view.load(rows());
    expect(view.knows("s1")).toBe(false);
  });

  test("leaves what is confirmed as it is", () => {
    const view = new LiveView(options);
    view.load(rows(spent(1)));
    const before = view.snapshot(NOW * 1000);
    view.take([...spent(2), ...spent(3, "s2")], 1);
    view.snapshot(NOW * 1000);
    view.forget(1);
    expect(view.snapshot(NOW * 1000)).toEqual(before);
  });
});

describe("as time goes by", () => {
  test("sessions are shown for two days, then let go, and loaded again when they wake", () => {
    const view = new LiveView(options);
    view.load(rows(spent(1, "s1", 49), spent(2, "s2", 1)));
    expect(requestsOf(view)).toEqual({ s1: 1, s2: 1 });
    const later = NOW + 2 * HOUR;
    expect(requestsOf(view, later)).toEqual({ s2: 1 });
    expect(view.knows("s1")).toBe(true);
    view.stored(rows(), 1);
    expect(view.knows("s1")).toBe(false);
    expect(view.knows("s2")).toBe(true);
  });

  test("the burn rate is what was spent within the window, the day what was spent on it", () => {
    const view = new LiveView(options);
    view.load(rows(spent(1), spent(2, "s1", 1)));
    const burning = view.snapshot((NOW + 60_000) * 1000);
    // 13 tokens and a cent over five minutes.
    expect(burning.sessions[0]?.burn).toEqual({
      tokensPerMinute: 2.6,
      usdPerMinute: 0.002,
      unpricedRequests: 0,
    });
    expect(burning.today).toMatchObject({ day: "2026-11-21", requests: 2 });
    expect(burning.today.burn).toEqual({
      tokensPerMinute: 2.6,
      usdPerMinute: 0.002,
      unpricedRequests: 0,
    });
    const rested = view.snapshot((NOW + 6 * 60_000) * 1000);
    expect(rested.sessions[0]?.burn).toEqual({
      tokensPerMinute: 0,
      usdPerMinute: 0,
      unpricedRequests: 0,
    });
    const tomorrow = view.snapshot((NOW + 24 * HOUR) * 1000);
    expect(tomorrow.today).toMatchObject({ day: "2026-11-22", requests: 0, sessions: 0 });
  });

  test("a rate counts the requests of its minutes that have no price", () => {
    const at = new Date(NOW).toISOString();
    const event = request(at, { "session.id": "s1", "event.sequence": 9 });
    const { cost_usd: _none, ...attributes } = event.attributes ?? {};
    const view = new LiveView(options);
    view.load(rows(spent(1), new LineWriter().decode(line({ ...event, attributes }))));
    const { sessions, today } = view.snapshot((NOW + 60_000) * 1000);
    const burn = { tokensPerMinute: 26, usdPerMinute: 0.01, unpricedRequests: 1 };
    expect([sessions[0]?.burn, today.burn]).toEqual([burn, burn]);
    const rested = view.snapshot((NOW + 600_000) * 1000);
    expect(rested.sessions[0]).toMatchObject({ unpricedRequests: 1 });
    expect(rested.today.burn.unpricedRequests).toBe(0);
  });

  test("a session that just began burns by the time it had", () => {
    const view = new LiveView(options);
    view.load(rows(spent(1)));
    const [session] = view.snapshot((NOW + 120_000) * 1000).sessions;
    expect(session?.burn.tokensPerMinute).toBe(6.5);
  });
});
