import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metricsText } from "../../src/prometheus/exposition.ts";
import type { Family } from "../../src/prometheus/family.ts";
import { grouped, type Row, seriesOf, text } from "../../src/prometheus/rows.ts";
import { SeriesLimit } from "../../src/prometheus/series-limit.ts";
import { samplesOf, total } from "../support/exposition.ts";
import { runs, seed } from "../support/runs.ts";

const head = { name: "cost", type: "counter", help: "Cost", scale: 1_000_000_000 } as const;

/** A family as the reader makes it: of rows with their labels, times and a sum. */
function familyOf(rows: readonly Row[]): Family {
  const labelsOf = (row: Row) => ({ stage: text(row["stage"]), type: text(row["type"]) });
  return { ...head, series: seriesOf(grouped(rows, labelsOf, ["value"]), "value") };
}

const instant = fc.bigInt(0n, 9n).map((micros) => ({ kind: "time", micros }) as const);

const parts = fc.array(
  fc.record({
    stage: fc.oneof(fc.constantFrom(null, "", "plan", "(other)"), fc.string({ unit: "binary" })),
    type: fc.constantFrom("input", "output"),
    value: fc.bigInt(-9n, 1n << 70n),
    first_time: instant,
    last_time: instant,
  }),
  { maxLength: 40 },
);

const sum = ({ series }: Family): bigint => series.reduce((all, { value }) => all + value, 0n);

describe(`series (FAULT_SEED=${seed})`, () => {
  test("hold what their parts hold, and are read back as they were", () => {
    fc.assert(
      fc.property(parts, (drawn) => {
        const family = familyOf(drawn);
        expect(sum(family)).toBe(drawn.reduce((all, { value }) => all + value, 0n));
        const samples = samplesOf(metricsText([family]));
        expect(samples).toHaveLength(family.series.length);
        for (const { labels, value } of family.series) {
          const found = samples.find(
            (sample) =>
              (sample.labels["stage"] ?? null) === labels["stage"] &&
              sample.labels["type"] === labels["type"],
          );
          expect(found?.value).toBeCloseTo(Number(value) / 1e9, 3);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  test("beyond the limit are added up, and what was kept once stays", () => {
    fc.assert(
      fc.property(parts, parts, fc.integer({ min: 0, max: 8 }), (first, more, most) => {
        const limit = new SeriesLimit(most);
        const before = limit.apply(familyOf(first)).family;
        const all = familyOf([...first, ...more]);
        const after = limit.apply(all);
        expect(sum(after.family)).toBe(sum(all));
        // One for each type of those that are folded.
        expect(after.family.series.length).toBeLessThanOrEqual(most + 2);
        expect(after.folded).toBe(Math.max(0, all.series.length - most));
        samplesOf(metricsText([after.family]));
        const keys = new Set(after.family.series.map(({ key }) => key));
        for (const { key, labels } of before.series) {
          // Those are what was folded.
          if (![null, "(other)"].includes(labels["stage"] ?? null))
            expect(keys.has(key)).toBe(true);
        }
      }),
      { numRuns: runs(200) },
    );
  });

  test("have exact values where a double holds them", () => {
    const value = (nano: bigint) =>
      total(samplesOf(metricsText([familyOf([{ value: nano }])])), "cost");
    expect(value(138_827_770n)).toBe(0.13882777);
    expect(value(1n)).toBe(1e-9);
    expect(value(100_000_000_000_001n)).toBe(100_000.000000001);
    expect(value(0n)).toBe(0);
    expect(value(9_007_199_254_740_993n * 1_000_000_000n)).toBe(9_007_199_254_740_992);
  });

  test("have labels of no more than 200 characters, and no half characters", () => {
    const [sample] = samplesOf(
      metricsText([familyOf([{ value: 1n, stage: `${"x".repeat(199)}😀`, type: "\ud800" }])]),
    );
    expect(sample?.labels).toEqual({ stage: `${"x".repeat(199)}\ufffd`, type: "\ufffd" });
  });
});
