import fc from "fast-check";
import { expect, test } from "vitest";
import { requestLine } from "../support/arbitraries.ts";
import { GeneralDecoder, ImportingDecoder, ScanningDecoder } from "../support/decode.ts";
import { runs } from "../support/runs.ts";

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
  expect(scanned / all).toBeGreaterThan(0.1);
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
