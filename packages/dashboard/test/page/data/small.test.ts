import fc from "fast-check";
import { expect, test } from "vitest";
import { hueOf, huesOf } from "../../../src/page/data/colours.ts";
import { lanesOf } from "../../../src/page/data/lanes.ts";
import { mentioned } from "../../../src/page/data/statements.ts";
import { agoText, costTexts, hourlyText, shortId } from "../../../src/page/data/text.ts";

test("spans on one lane never overlap", () => {
  const span = fc
    .tuple(fc.nat(1000), fc.nat(100))
    .map(([start, length]) => ({ start, end: start + length }));
  fc.assert(
    fc.property(fc.array(span), (spans) => {
      const sorted = spans.toSorted((a, b) => a.start - b.start);
      const lanes = lanesOf(sorted);
      for (const [at, one] of sorted.entries()) {
        for (const [after, other] of sorted.entries()) {
          if (after > at && lanes[after] === lanes[at]) {
            expect(other.start).toBeGreaterThanOrEqual(one.end);
          }
        }
      }
    }),
  );
});

test("a name has its colour wherever it is seen; names side by side have different ones", () => {
  expect(huesOf(["review"]).get("review")).toBe(hueOf("review"));
  const stages = ["analyze", "implement", "review", "test", "docs", "rework"];
  const hues = huesOf(stages);
  expect(new Set(stages.map((stage) => hues.get(stage))).size).toBe(stages.length);
  expect(huesOf(stages.toReversed())).toEqual(hues);
});

test("relations are found in a statement, whatever their case", () => {
  const relations = [{ name: "api_requests" }, { name: "usage" }, { name: "otel.logs" }];
  expect(mentioned("SELECT 1 FROM API_requests JOIN otel.logs", relations)).toEqual([
    relations[0],
    relations[2],
  ]);
});

test("small texts", () => {
  const now = "2026-11-21T10:00:36.500Z";
  expect(agoText("2026-11-21T10:00:36Z", now)).toBe("now");
  expect(agoText("2026-11-21T10:00:00.600Z", now)).toBe("35 s ago");
  const costs = [0.2, 0.001, undefined].map((usd) => ({ usd, unpricedRequests: 0 }));
  expect(costTexts(costs)).toEqual(["$0.200", "$0.001", "–"]);
  expect(shortId("efccdab8-3e5b-4328-8de0-43f4a6983ba7")).toBe("efccdab8");
});

test("a rate that is not all known is a lower bound, and an unknown one is none", () => {
  const hourly = (usd_per_minute: number | null, unpriced_requests_of_rate: number): string =>
    hourlyText({ usd_per_minute, unpriced_requests_of_rate });
  expect([hourly(null, 1), hourly(0.006, 0), hourly(0.006, 1)]).toEqual(["–", "$0.36", "≥ $0.36"]);
});
