import fc from "fast-check";
import { expect, test } from "vitest";
import { requestLine } from "../../support/arbitraries.ts";
import { GeneralDecoder, ImportingDecoder, ScanningDecoder } from "../../support/decode.ts";
import { runs } from "../../support/runs.ts";

test("whatever the scanner takes, it writes as the general decoder does", () => {
  const general = new GeneralDecoder();
  const scanning = new ScanningDecoder();
  let scanned = 0;
  let all = 0;
  fc.assert(
    fc.property(
      fc.array(requestLine, { minLength: 1, maxLength: 6 }),
      fc.nat(3),
      (lines, flushes) => {
        for (const [at, line] of lines.entries()) {
          all++;
          if (scanning.line(Buffer.from(line.toWellFormed())) >= 0) {
            scanned++;
            expect(general.text(line.toWellFormed()).rejected).toBe(0);
          }
          // A batch that is stored in between must not change what follows.
          if (at % 4 === flushes) expect(scanning.take()).toEqual(general.take());
        }
        expect(scanning.take()).toEqual(general.take());
      },
    ),
    { numRuns: runs(1500) },
  );
  expect(scanned / all).toBeGreaterThan(0.05);
});

test("a line is decoded the same whether it is scanned or parsed", () => {
  const general = new GeneralDecoder();
  const importing = new ImportingDecoder();
  fc.assert(
    fc.property(requestLine, (line) => {
      const text = line.toWellFormed();
      const rejections = importing.block(Buffer.from(text));
      const outcome = general.text(text);
      expect(rejections.length > 0).toBe(outcome.rejected > 0);
      expect(importing.take()).toEqual(general.take());
    }),
    { numRuns: runs(1000) },
  );
});

test("metrics that share their name or their temporality are read as different metrics", () => {
  const general = new GeneralDecoder();
  const scanning = new ScanningDecoder();
  const metric = fc.record({
    name: fc.constantFrom("claude_code.token.usage", "claude_code.cost.usage", "naïve"),
    temporality: fc.constantFrom(1, 2),
    monotonic: fc.boolean(),
    points: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(metric, { minLength: 2, maxLength: 8 }), (metrics) => {
      const line = JSON.stringify({
        resourceMetrics: [
          { resource: {}, scopeMetrics: [{ scope: {}, metrics: metrics.map(metricOf) }] },
        ],
      });
      const points = metrics.reduce((sum, each) => sum + each.points, 0);
      expect(scanning.line(Buffer.from(line))).toBe(points);
      general.text(line);
      expect(scanning.take()).toEqual(general.take());
    }),
    { numRuns: runs(300) },
  );
});

let times = 0;

interface DrawnMetric {
  readonly name: string;
  readonly temporality: number;
  readonly monotonic: boolean;
  readonly points: number;
}

function metricOf({ name, temporality, monotonic, points }: DrawnMetric): object {
  const dataPoints = Array.from({ length: points }, () => ({
    timeUnixNano: String(1_790_000_000_000_000_000n + BigInt(times++) * 1000n),
    asDouble: times,
  }));
  return { name, sum: { dataPoints, aggregationTemporality: temporality, isMonotonic: monotonic } };
}
