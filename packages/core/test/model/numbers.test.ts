import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlainRow } from "../support/batch-rows.ts";
import { GeneralDecoder, ImportingDecoder } from "../support/decode.ts";
import { runs, seed } from "../support/runs.ts";

const GREATEST = 2n ** 63n - 1n;
const decoder = new ImportingDecoder();
const general = new GeneralDecoder();

/** The row of an api_request with these attributes, each given as the JSON of its value. */
function rowOf(values: Readonly<Record<string, string>>): PlainRow {
  const attributes = Object.entries({ "event.name": '{"stringValue":"api_request"}', ...values })
    .map(([key, value]) => `{"key":${JSON.stringify(key)},"value":${value}}`)
    .join(",");
  const record = `{"timeUnixNano":"1794301200000000000","attributes":[${attributes}]}`;
  const line = `{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[${record}]}]}]}`;
  expect(decoder.block(Buffer.from(line))).toEqual([]);
  general.text(line);
  const rows = decoder.take();
  expect(rows).toEqual(general.take());
  const [row] = rows;
  if (row === undefined) throw new Error("no row");
  return row;
}

const text = (spelled: string): string => `{"stringValue":${JSON.stringify(spelled)}}`;
const kept = (row: PlainRow): Readonly<Record<string, unknown>> =>
  JSON.parse(String(row["attributes"] ?? "{}"));

/** A number of tokens, of every size. */
const tokens = fc.oneof(
  fc.bigInt({ min: 0n, max: GREATEST }),
  fc.integer({ min: 0, max: 1_000_000 }).map(BigInt),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 10n ** 15n, 10n ** 15n - 1n, GREATEST, 0n),
);

/** How an integer may be written; what a double cannot hold is written as an integer all the same. */
const spellings: readonly ((value: bigint) => string)[] = [
  (value) => text(String(value)),
  (value) => `{"intValue":"${value}"}`,
  (value) => `{"intValue":${value}}`,
  (value) => `{"intValue":"${value}.0"}`,
  (value) => `{"doubleValue":${value}}`,
  (value) => `{"doubleValue":"${value}"}`,
  (value) => `{"value":null,"intValue":"${value}"}`,
  (value) => text(`+${value}`),
  (value) => text(` ${value}\n`),
  (value) => text(`00${value}`),
  (value) => text(`${value}.00`),
  (value) => text(`${value}e0`),
  (value) => text(`${value}0E-1`),
  (value) => text(exponential(value)),
];

function exponential(value: bigint): string {
  const digits = String(value);
  return `${digits[0]}.${digits.slice(1)}e+${digits.length - 1}`;
}

describe(`numbers (FAULT_SEED=${seed})`, () => {
  test("a number of tokens is the same in every spelling", () => {
    fc.assert(
      fc.property(tokens, fc.constantFrom(...spellings), fc.boolean(), (value, spell, negative) => {
        const sent = negative ? -value : value;
        expect(
          rowOf({ input_tokens: spell(sent).replace("+-", "-").replace("00-", "-00") }),
        ).toMatchObject({
          input_tokens: sent,
        });
      }),
      { numRuns: runs(200), seed },
    );
  });

  test("whatever the text, the column holds its value or the attributes hold the text", () => {
    const characters = fc.constantFrom(..."0123456789+-.,eE_ '%xkK$½٣\t".split(""));
    const odd = fc.string({ unit: characters, maxLength: 24 });
    fc.assert(
      fc.property(fc.oneof(odd, fc.string({ unit: "binary", maxLength: 12 })), (spelled) => {
        const row = rowOf({ input_tokens: text(spelled), cost_usd: text(spelled) });
        const value = row["input_tokens"];
        if (value === undefined || String(value) !== spelled) {
          expect(kept(row)["input_tokens"]).toBe(spelled.toWellFormed());
        }
        if (value !== undefined) expect(Number(value)).toBe(Number(spelled) + 0);
        const cost = row["cost_nano_usd"];
        if (cost === undefined) expect(kept(row)["cost_usd"]).toBe(spelled.toWellFormed());
        else expect(Number(cost) / 1e9).toBeCloseTo(Number(spelled), 9);
      }),
      { numRuns: runs(200), seed },
    );
  });

  test("costs up to a thousand million USD are exact to a billionth in every spelling", () => {
    const nanos = fc.oneof(
      fc.bigInt({ min: 0n, max: 10n ** 14n }),
      fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
    );
    const spelling = fc.constantFrom<(nanos: bigint) => string>(
      (value) => text(decimal(value)),
      (value) => text(`${value}e-9`),
      (value) => text(`${decimal(value)}000`),
      (value) => text(` +${decimal(value)}`),
    );
    fc.assert(
      fc.property(nanos, spelling, (value, spell) => {
        expect(rowOf({ cost_usd: spell(value) })).toMatchObject({ cost_nano_usd: value });
        // A double holds nine decimals up to a few million.
        if (value > 10n ** 14n) return;
        expect(rowOf({ cost_usd: `{"doubleValue":${decimal(value)}}` })["cost_nano_usd"]).toBe(
          value,
        );
      }),
      { numRuns: runs(200), seed },
    );
  });
});

test.each([
  ["1,000"],
  ["1.5"],
  ["1_000"],
  ["0x10"],
  ["5 tokens"],
  ["9223372036854775808"],
  ["-9223372036854775808"],
  ["1e30"],
  ["1e-5"],
  [""],
  ["NaN"],
])("the tokens %j mean nothing sure and stay text", (spelled) => {
  const row = rowOf({ input_tokens: text(spelled) });
  expect(row["input_tokens"]).toBeUndefined();
  expect(kept(row)).toMatchObject({ input_tokens: spelled });
});

test.each([
  ["1e-7", 100n, undefined],
  ["0.0000000015", 2n, 1.5e-9],
  ["0.123456789012345678901234567890", 123_456_789n, 0.12345678901234568],
  ["100000.000000001", 100_000_000_000_001n, undefined],
  ["999999999.999999999", 999_999_999_999_999_999n, undefined],
])("the cost %j is rounded to a billionth", (spelled, cost, exact) => {
  const row = rowOf({ cost_usd: text(spelled) });
  expect(row["cost_nano_usd"]).toBe(cost);
  if (exact !== undefined) expect(row["cost_usd_exact"]).toBe(exact);
});

test.each([
  ['{"doubleValue":1000000000}'],
  ['{"intValue":"1000000000"}'],
  ['{"stringValue":"1000000000"}'],
  ['{"doubleValue":1e300}'],
])("a cost of a thousand million USD has no place and stays an attribute: %s", (value) => {
  const row = rowOf({ cost_usd: value });
  expect(row["cost_nano_usd"]).toBeUndefined();
  expect(Object.keys(kept(row))).toEqual(["cost_usd"]);
});

test("the least 64-bit integer stays an attribute", () => {
  const row = rowOf({ input_tokens: '{"intValue":"-9223372036854775808"}' });
  expect(row["input_tokens"]).toBeUndefined();
  expect(String(row["attributes"])).toBe('{"input_tokens":-9223372036854775808}');
});

function decimal(nanos: bigint): string {
  return `${nanos / 10n ** 9n}.${String(nanos % 10n ** 9n).padStart(9, "0")}`;
}
