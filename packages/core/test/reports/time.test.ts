import { describe, expect, test } from "vitest";
import { instantOf, startOfLast, zoneNamed } from "../../src/reports/time.ts";

const now = Date.parse("2026-11-21T03:30:00.123Z");
const iso = (micros: bigint | undefined): string | undefined =>
  micros === undefined ? undefined : new Date(Number(micros / 1000n)).toISOString();

describe("a written time", () => {
  test.each([
    ["2026-11-21", "start", "UTC", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21", "end", "UTC", "2026-11-22T00:00:00.000Z"],
    ["2026-11-21", "start", "Europe/Berlin", "2026-11-20T23:00:00.000Z"],
    ["2026-11-21", "start", "Asia/Kathmandu", "2026-11-20T18:15:00.000Z"],
    ["2026-11-21", "start", "Pacific/Apia", "2026-11-20T11:00:00.000Z"],
    ["2026-11-21 14:30", "end", "America/New_York", "2026-11-21T19:30:00.000Z"],
    ["2026-11-21T14:30:15.5", "start", "UTC", "2026-11-21T14:30:15.500Z"],
    ["2026-11-21T14:30Z", "start", "Europe/Berlin", "2026-11-21T14:30:00.000Z"],
    ["2026-11-21 14:30+05:30", "start", "UTC", "2026-11-21T09:00:00.000Z"],
    ["2026-11-21 14:30 -0800", "start", "UTC", "2026-11-21T22:30:00.000Z"],
    ["now", "end", "UTC", "2026-11-21T03:30:00.123Z"],
    ["today", "start", "UTC", "2026-11-21T00:00:00.000Z"],
    ["Today", "end", "UTC", "2026-11-22T00:00:00.000Z"],
    ["today", "start", "America/Los_Angeles", "2026-11-20T08:00:00.000Z"],
    ["yesterday", "start", "UTC", "2026-11-20T00:00:00.000Z"],
    ["yesterday", "end", "UTC", "2026-11-21T00:00:00.000Z"],
  ] as const)("%s as %s in %s", (text, edge, zone, expected) => {
    expect(iso(instantOf(text, edge, zone, now))).toBe(expected);
  });

  test.each([
    ["a day of 23 hours", "2026-03-29", "Europe/Berlin", 23],
    ["a day of 25 hours", "2026-10-25", "Europe/Berlin", 25],
    ["a day of 24 and a half hours", "2026-04-05", "Australia/Lord_Howe", 24.5],
    ["a day that begins at one", "2026-04-24", "Africa/Cairo", 23],
    ["a day that begins twice", "2026-11-01", "America/Havana", 25],
    ["an ordinary day", "2026-11-21", "Europe/Berlin", 24],
  ])("%s: %s in %s", (_name, day, zone, hours) => {
    const start = instantOf(day, "start", zone, now) ?? 0n;
    const end = instantOf(day, "end", zone, now) ?? 0n;
    expect(Number(end - start) / 3.6e9).toBe(hours);
  });

  test("that clocks skip is as much later; one they show twice is the earlier", () => {
    const zone = "Europe/Berlin";
    expect(iso(instantOf("2026-03-29 02:30", "start", zone, now))).toBe("2026-03-29T01:30:00.000Z");
    expect(iso(instantOf("2026-10-25 02:30", "start", zone, now))).toBe("2026-10-25T00:30:00.000Z");
  });

  test("keeps microseconds", () => {
    expect(instantOf("2026-11-21 00:00:00.000001", "start", "UTC", now)).toBe(1795219200000001n);
  });

  test.each(["", "soon", "2026-13-01", "2026-02-30", "2026-11-21 25:00", "20261121", "21.11.2026"])(
    "%s is none",
    (text) => expect(instantOf(text, "start", "UTC", now)).toBeUndefined(),
  );
});

describe("the last", () => {
  test.each([
    ["90m", "UTC", "2026-11-21T02:00:00.123Z"],
    ["24h", "UTC", "2026-11-20T03:30:00.123Z"],
    ["1d", "UTC", "2026-11-21T00:00:00.000Z"],
    ["7d", "UTC", "2026-11-15T00:00:00.000Z"],
    ["7D", "America/Los_Angeles", "2026-11-14T08:00:00.000Z"],
    ["2w", "UTC", "2026-11-08T00:00:00.000Z"],
    ["30d", "Europe/Berlin", "2026-10-22T22:00:00.000Z"],
    ["1w", "UTC", "2026-11-15T00:00:00.000Z"],
    ["week", "UTC", "2026-11-15T00:00:00.000Z"],
    ["2 weeks", "UTC", "2026-11-08T00:00:00.000Z"],
    ["1mo", "UTC", "2026-10-22T00:00:00.000Z"],
    ["1 month", "Europe/Berlin", "2026-10-21T22:00:00.000Z"],
    ["12MO", "UTC", "2025-11-22T00:00:00.000Z"],
    ["1y", "UTC", "2025-11-22T00:00:00.000Z"],
    ["7 years", "UTC", "2019-11-22T00:00:00.000Z"],
    ["99999y", "UTC", "1026-11-22T00:00:00.000Z"],
  ])("%s in %s", (text, zone, expected) => {
    expect(iso(startOfLast(text, zone, now))).toBe(expected);
  });

  test.each(["", "7", "0d", "-7d", "7M", "1 M", "d", "w", "mo", "7 dogs", "1.5h"])(
    "%s is none",
    (text) => expect(startOfLast(text, "UTC", now)).toBeUndefined(),
  );
});

test.each([
  ["2026-03-31", "1mo", "2026-03-01"],
  ["2028-03-31", "1mo", "2028-03-01"],
  ["2026-12-31", "6mo", "2026-07-01"],
  ["2028-02-29", "1y", "2027-03-01"],
  ["2026-01-01", "1mo", "2025-12-02"],
])("on %s the last %s begins on %s", (today, span, day) => {
  const noon = Date.parse(`${today}T12:00:00Z`);
  expect(iso(startOfLast(span, "UTC", noon))).toBe(`${day}T00:00:00.000Z`);
});

test.each([
  ["europe/berlin", "Europe/Berlin"],
  ["UTC", "UTC"],
  ["Mars/Olympus", undefined],
  ["+02:00", undefined],
  ["", undefined],
])("zone %s is %s", (text, zone) => expect(zoneNamed(text)).toBe(zone));
