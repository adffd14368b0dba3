import { describe, expect, test } from "vitest";
import {
  compactBytes,
  compactCount,
  compactDuration,
  compactRatio,
  compactUsd,
  costText,
  usdDecimals,
} from "../../src/format/numbers.ts";

test.each([
  [0, "0"],
  [373, "373"],
  [999, "999"],
  [1000, "1k"],
  [1900, "1.9k"],
  [9949, "9.9k"],
  [9960, "10k"],
  [27_110, "27k"],
  [182_499, "182k"],
  [999_499, "999k"],
  [999_500, "1M"],
  [1_240_000, "1.24M"],
  [1_900_000, "1.9M"],
  [12_340_000, "12.3M"],
  [361_000_000, "361M"],
  [1_240_000_000, "1.24B"],
  [5e12, "5T"],
  [-1_240_000, "-1.24M"],
  [2.5, "2.5"],
])("count %s is %s", (value, text) => expect(compactCount(value)).toBe(text));

test.each([
  [0, "$0.00"],
  [0.139, "$0.14"],
  [0.017, "$0.017"],
  [0.0031, "$0.0031"],
  [0.00001, "<$0.0001"],
  [12.3, "$12.30"],
  [1234.5, "$1,234.50"],
  [1_234_567, "$1,234,567"],
  [-0.5, "-$0.50"],
])("amount %s is %s", (value, text) => expect(compactUsd(value)).toBe(text));

test("amounts of a column have the decimals its largest needs", () => {
  expect([0, 0.5, 9.4, 12.3].map((value) => compactUsd(value, usdDecimals(12.3)))).toEqual([
    "$0.00",
    "$0.50",
    "$9.40",
    "$12.30",
  ]);
  expect(compactUsd(0.002, usdDecimals(12.3))).toBe("<$0.01");
});

test.each([
  [0, "0 s"],
  [0.4, "0.4 ms"],
  [850, "850 ms"],
  [999.6, "1.0 s"],
  [1234, "1.2 s"],
  [41_000, "41 s"],
  [59_600, "1m 00s"],
  [252_000, "4m 12s"],
  [3_599_600, "1h 00m"],
  [11_040_000, "3h 04m"],
  [183_600_000, "2d 3h"],
  [-41_000, "-41 s"],
])("%s ms is %s", (value, text) => expect(compactDuration(value)).toBe(text));

test.each([
  [0, "0 %"],
  [0.001, "<1 %"],
  [0.93, "93 %"],
  [0.999, ">99 %"],
  [1, "100 %"],
])("ratio %s is %s", (value, text) => expect(compactRatio(value)).toBe(text));

test.each([
  [0, "0 B"],
  [512, "512 B"],
  [4200, "4.2 kB"],
  [181_000_000, "181 MB"],
  [1_620_000_000, "1.6 GB"],
])("%s bytes are %s", (value, text) => expect(compactBytes(value)).toBe(text));

describe("what is not a finite number says so", () => {
  test.each([compactCount, compactUsd, compactDuration, compactRatio])("%o", (format) => {
    expect(format(Number.NaN)).toBe("NaN");
    expect(format(Number.POSITIVE_INFINITY)).toBe("Infinity");
  });
});

test.each<readonly [number | undefined, number, string]>([
  [0.49, 0, "$0.49"],
  [0.49, 3, "≥ $0.49"],
  [0, 3, "≥ $0.00"],
  [1e-9, 0, "<$0.0001"],
  [1e-9, 3, "> $0"],
  [undefined, 3, "–"],
])("a cost of %s with %i requests without a price is %s", (usd, unpriced, text) => {
  expect(costText(usd, unpriced)).toBe(text);
});
