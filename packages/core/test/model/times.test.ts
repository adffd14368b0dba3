import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { microsOfText } from "../../src/model/plausible-times.ts";
import type { PlainRow } from "../support/batch-rows.ts";
import { GeneralDecoder, ImportingDecoder } from "../support/decode.ts";
import { runs, seed } from "../support/runs.ts";

const FIRST = Date.UTC(2020, 0, 1);
const LAST = Date.UTC(2099, 11, 31, 23);

/** What a time is divided by in each unit, from nanoseconds. */
const units = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n } as const;
const unit = fc.constantFrom<keyof typeof units>("ns", "us", "ms", "s");
/** Whole seconds, which every unit holds. */
const moment = fc
  .integer({ min: FIRST / 1000, max: Math.floor(LAST / 1000) })
  .map((seconds) => BigInt(seconds) * 1_000_000_000n);
/** Times that are none, in any unit. */
const nonsense = fc.constantFrom("0", "1", "1000000", "18446744073709551615", undefined);

type Sent = string | undefined;

function logLine(time: Sent, observed: Sent, attributes: readonly unknown[] = []): string {
  const record = { timeUnixNano: time, observedTimeUnixNano: observed, attributes };
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
}

const decoder = new ImportingDecoder();
const general = new GeneralDecoder();

function rowOf(line: string): PlainRow {
  expect(decoder.block(Buffer.from(line))).toEqual([]);
  const [row, ...more] = decoder.take();
  expect(more).toEqual([]);
  if (row === undefined) throw new Error("no row");
  general.text(line);
  expect(general.take()).toEqual([row]);
  return row;
}

const eventTimestamp = (value: object): readonly unknown[] => [{ key: "event.timestamp", value }];
const asSent = (row: PlainRow): Readonly<Record<string, unknown>> =>
  JSON.parse(String(row["other_fields"] ?? "{}"));

describe(`times (FAULT_SEED=${seed})`, () => {
  test("a time in any unit is the same time, and what was sent stays", () => {
    fc.assert(
      fc.property(moment, unit, unit, fc.integer({ min: 0, max: 60 }), (at, own, other, later) => {
        const observed = at + BigInt(later) * 1_000_000_000n;
        const sent = [String(at / units[own]), String(observed / units[other])] as const;
        const row = rowOf(logLine(...sent));
        expect(row["time"]).toBe(at / 1000n);
        expect(row["observed_lag_ns"]).toBe(observed - at);
        expect(asSent(row)).toEqual({
          ...(own === "ns" ? {} : { timeUnixNano: sent[0] }),
          ...(other === "ns" ? {} : { observedTimeUnixNano: sent[1] }),
        });
      }),
      { numRuns: runs(200), seed },
    );
  });

  test("a record without a time that can be one has its event.timestamp's", () => {
    const spelling = fc.constantFrom<(at: bigint) => object>(
      (at) => ({ stringValue: iso(at) }),
      (at) => ({ stringValue: iso(at).replace(".000Z", "Z") }),
      (at) => ({ stringValue: iso(at).replace(".000Z", "+00:00") }),
      (at) => ({ stringValue: iso(at).replace(".000Z", ".000000") }),
      (at) => ({ stringValue: iso(at).replace("T", " ") }),
      (at) => ({ stringValue: String(at / units.s) }),
      (at) => ({ stringValue: `${at / units.ms}` }),
      (at) => ({ intValue: String(at) }),
      (at) => ({ intValue: String(at / units.us) }),
      (at) => ({ intValue: Number(at / units.ms) }),
      (at) => ({ doubleValue: Number(at / units.s) }),
    );
    fc.assert(
      fc.property(moment, nonsense, nonsense, spelling, (at, time, observed, spell) => {
        const row = rowOf(logLine(time, observed, eventTimestamp(spell(at))));
        expect(row["time"]).toBe(at / 1000n);
        expect(row["event_lag_us"]).toBe(0n);
        expect(asSent(row)["timeUnixNano"]).toBe(time ?? "0");
      }),
      { numRuns: runs(200), seed },
    );
  });

  test("the observed time comes before event.timestamp", () => {
    fc.assert(
      fc.property(moment, moment, unit, nonsense, (at, other, own, time) => {
        const observed = String(at / units[own]);
        const row = rowOf(logLine(time, observed, eventTimestamp({ stringValue: iso(other) })));
        expect(row["time"]).toBe(at / 1000n);
        expect(row["event_lag_us"]).toBe((at - other) / 1000n);
      }),
      { numRuns: runs(100), seed },
    );
  });

  test("points and spans, too", () => {
    fc.assert(
      fc.property(moment, unit, unit, fc.nat(100), (at, own, other, seconds) => {
        const end = at + BigInt(seconds) * units.s;
        const [start, time] = [String(at / units[own]), String(end / units[other])];
        const point = { startTimeUnixNano: start, timeUnixNano: time, asInt: "1" };
        const metrics = [{ name: "m", sum: { dataPoints: [point] } }];
        const pointRow = rowOf(
          JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
        );
        expect(pointRow).toMatchObject({ start_time: at / 1000n, time: end / 1000n });
        const spans = [{ name: "s", startTimeUnixNano: start, endTimeUnixNano: time }];
        const spanRow = rowOf(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
        expect(spanRow).toMatchObject({ time: at / 1000n, end_time: end / 1000n });
      }),
      { numRuns: runs(100), seed },
    );
  });
});

test("a time that nothing mends stays as it was sent", () => {
  expect(rowOf(logLine("1000000", "2000000"))).toMatchObject({
    time: 1000n,
    observed_lag_ns: 1_000_000n,
  });
  expect(rowOf(logLine(undefined, undefined))["time"]).toBe(0n);
});

test.each([
  ["2026-11-10T09:00:00+02:00", "2026-11-10T07:00:00.000Z"],
  ["2026-11-10T09:00:00-0530", "2026-11-10T14:30:00.000Z"],
  ["2026-11-10T09:00", "2026-11-10T09:00:00.000Z"],
  [" 2026-11-10t09:00:00z ", "2026-11-10T09:00:00.000Z"],
  ["2026-02-30T09:00:00Z", undefined],
  ["2026-11-10", undefined],
  ["10.11.2026 09:00", undefined],
  ["12345", undefined],
  ["", undefined],
])("event.timestamp %j", (text, time) => {
  const micros = microsOfText(text);
  expect(Number.isNaN(micros) ? undefined : new Date(micros / 1000).toISOString()).toBe(time);
});

// A database that holds such a record must know it when its file is imported again.
test.each([
  [logLine("1762765200000", "1762765200000"), "93924a4f44f7cf6cc8b194ad934a211c"],
  [logLine("1762765200", undefined), "c1f88b2c6560b4449e91031efa60a918"],
  [
    logLine(undefined, undefined, eventTimestamp({ stringValue: "2026-11-10T09:00:00.000Z" })),
    "7a6e0fdd8e03b85abd1a9761fbba5a82",
  ],
  [logLine("18446744073709551615", "0"), "e61fecdd00d473129f730cd1c33bb467"],
])("what a time is read as is no part of the identity: %s", (line, id) => {
  expect(rowOf(line)["record_id"]).toBe(id);
});

function iso(nanos: bigint): string {
  return new Date(Number(nanos / 1_000_000n)).toISOString();
}
