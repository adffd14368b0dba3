import fc from "fast-check";
import { expect, test } from "vitest";
import { isoUtc, microsOf, zonedClock } from "../../src/format/time.ts";

const micros = (iso: string) => BigInt(Date.parse(iso)) * 1000n;

test("instants are ISO 8601 in UTC with the decimals they have", () => {
  expect(isoUtc(micros("2026-11-21T10:00:00Z"))).toBe("2026-11-21T10:00:00Z");
  expect(isoUtc(micros("2026-11-21T10:00:00.120Z"))).toBe("2026-11-21T10:00:00.120Z");
  expect(isoUtc(micros("2026-11-21T10:00:00Z") + 1n)).toBe("2026-11-21T10:00:00.000001Z");
  expect(isoUtc(-1n)).toBe("1969-12-31T23:59:59.999999Z");
  expect(isoUtc(9_223_372_036_854_775_807n)).toBe("infinity");
  expect(isoUtc(-9_223_372_036_854_775_807n)).toBe("-infinity");
  expect(isoUtc(9_223_372_022_400_000_000n - 1n)).toMatch(/^\+294247-01-0/);
});

test("every date a Date can hold reads the same", () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      const text = isoUtc(BigInt(date.getTime()) * 1000n);
      expect(Date.parse(text)).toBe(date.getTime());
    }),
  );
});

test("an instant is read as it was written, to the microsecond", () => {
  const written = fc.oneof(
    fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
    fc.bigInt({ min: 1_700_000_000_000_000n, max: 1_900_000_000_000_000n }),
  );
  fc.assert(
    fc.property(written, (each) => {
      expect(microsOf(isoUtc(each))).toBe(Number(each));
    }),
  );
  expect(microsOf("infinity")).toBe(8.64e18);
  expect(microsOf("-infinity")).toBe(-8.64e18);
  expect(microsOf(isoUtc(9_223_372_022_400_000_000n))).toBe(8.64e18);
});

test("a clock shows the time zone's own time, daylight saving included", () => {
  const berlin = zonedClock("Europe/Berlin");
  expect(berlin.seconds(micros("2026-01-15T23:30:00Z"))).toBe("2026-01-16 00:30:00");
  expect(berlin.seconds(micros("2026-07-15T22:00:00Z"))).toBe("2026-07-16 00:00:00");
  expect(berlin.midnight(micros("2026-07-15T22:00:00Z"))).toBe("2026-07-16");
  expect(berlin.midnight(micros("2026-07-15T22:00:01Z"))).toBeUndefined();
  expect(berlin.seconds(9_223_372_036_854_775_807n)).toBe("infinity");
  expect(() => zonedClock("Mars/Olympus")).toThrow(RangeError);
});
