import fc from "fast-check";
import { expect, test } from "vitest";
import { unsafeIn } from "../../../core/test/format/hostile.ts";
import { runs, seed } from "../../../core/test/support/runs.ts";
import { readInput } from "../../src/statusline/input.ts";
import { statusLine } from "../../src/statusline/line.ts";
import { tonePaint } from "../../src/statusline/paint.ts";
import { valueNames } from "../../src/statusline/values.ts";

const NOW = Date.UTC(2026, 10, 30, 12);

/** What may stand in place of any value: of any type, far too large, below zero, as text, absent. */
const odd = fc.oneof(
  fc.double(),
  fc.integer({ min: -2, max: 110 }),
  fc.constantFrom<unknown>(1_779_124_800, 1_779_124_800_000, -1, 0, 1e300, 100, 107.6, 0.4),
  fc.constantFrom<unknown>("96", "96%", "1795999999", "2026-12-24T12:00:00Z", "nan", "-5", ""),
  fc.constantFrom<unknown>(null, undefined, true, [], {}, "\u202e\u001b[31m", "C:\\a\\b"),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const orOdd = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: odd });
const limit = orOdd(fc.record({ used_percentage: odd, resets_at: odd }, { requiredKeys: [] }));

const inputs = fc.record(
  {
    session_id: orOdd(fc.uuid()),
    cwd: odd,
    model: orOdd(fc.record({ id: odd, display_name: odd }, { requiredKeys: [] })),
    agent: orOdd(fc.record({ name: odd })),
    workspace: orOdd(fc.record({ current_dir: odd })),
    cost: orOdd(fc.record({ total_cost_usd: odd })),
    context_window: orOdd(fc.record({ used_percentage: odd, context_window_size: odd })),
    rate_limits: orOdd(
      fc.record({ five_hour: limit, seven_day: limit, spend_limit: limit }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: [] },
);

test(`every drawn input gives one sane line (FAULT_SEED=${seed})`, () => {
  const template = valueNames.map((name) => `{${name}}`).join(" · ");
  fc.assert(
    fc.property(inputs, fc.integer({ min: 1, max: 300 }), (drawn, width) => {
      const input = readInput(JSON.stringify(drawn));
      const facts = { input, session: undefined, missing: "no telemetry yet", now: NOW };
      const line = statusLine(template, facts, {
        width: 1_000,
        paint: tonePaint({ color: false }, {}),
      });
      expect(unsafeIn(line)).toEqual([]);
      expect(line).not.toMatch(/\n|NaN|Infinity|undefined|null|Invalid/);
      for (const [, percent] of line.matchAll(/(?:context|5h|7d|spend) (-?[\d.]+) %/g)) {
        expect(Number(percent)).toBeGreaterThanOrEqual(0);
        expect(Number(percent)).toBeLessThanOrEqual(1_000);
      }
      const narrow = statusLine(template, facts, { width, paint: tonePaint({ color: false }, {}) });
      expect(narrow).not.toContain("\n");
    }),
    { seed, numRuns: runs(500) },
  );
});
