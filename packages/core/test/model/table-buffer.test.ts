import fc from "fast-check";
import { expect, test } from "vitest";
import { recordTables } from "../../src/model/columns.ts";
import { TableBuffer } from "../../src/model/table-buffer.ts";
import { runs, seed } from "../support/runs.ts";

const word = 1n << 32n;
/** Times near each other, near the borders of their words, and anywhere in 64 bits. */
const time = fc.oneof(
  fc.bigInt({ min: -(1n << 63n) + 1n, max: (1n << 63n) - 1n }),
  fc.bigInt({ min: 1_700_000_000_000_000n, max: 1_700_000_000_001_000n }),
  fc
    .tuple(fc.bigInt({ min: -2n, max: 2n }), fc.bigInt({ min: -2n, max: 2n }))
    .map(([a, b]) => a * word + b),
);

test(`the earliest and the latest time of rows (FAULT_SEED=${seed})`, () => {
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 40 }), (times) => {
      const buffer = new TableBuffer(recordTables.metric_points, 4);
      const column = buffer.column("time");
      for (const each of times) {
        buffer.reserve();
        column.setWords(buffer.rows++, Number(BigInt.asIntN(32, each)), Number(each >> 32n));
      }
      const sorted = [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      expect(buffer.timeSpan()).toEqual({ first: sorted[0], last: sorted.at(-1) });
    }),
    { seed, numRuns: runs(500) },
  );
});
