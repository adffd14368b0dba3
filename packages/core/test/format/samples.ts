import type { Sheet } from "../../src/format/sheet.ts";
import { plainPaint } from "../../src/format/table-parts.ts";

/** Options that make every output the same on every machine. */
export const plain = { width: 80, timeZone: "UTC", paint: plainPaint, csvRaw: false } as const;

const at = (iso: string) => ({ kind: "time" as const, micros: BigInt(Date.parse(iso)) * 1000n });

/** What a report of stages gives. */
export const stages: Sheet = {
  columns: [
    { name: "stage", label: "stage", type: "VARCHAR" },
    { name: "cost_usd", label: "cost", type: "DECIMAL(18,9)", unit: "usd", bar: true },
    { name: "share", label: "share", type: "DOUBLE", unit: "ratio" },
    { name: "total_tokens", label: "tokens", type: "HUGEINT", unit: "tokens" },
    { name: "requests", label: "requests", type: "BIGINT", unit: "count" },
    { name: "wall_seconds", label: "wall time", type: "DOUBLE", unit: "seconds" },
    { name: "cache_hit_rate", label: "cached", type: "DOUBLE", unit: "ratio" },
    { name: "errors", label: "errors", type: "BIGINT", unit: "count" },
  ],
  rows: [
    ["analyze", "0.017123000", 0.136, 27_110n, 3n, 13.2, 0.951, 0n],
    ["implement", "0.049000000", 0.392, 149_022n, 9n, 41, 0.93, 0n],
    ["review", "0.045400000", 0.363, 71_903n, 8n, 252, 0.934, 2n],
    ["test", "0.000040000", 0.0003, 812n, 1n, 0.85, null, 0n],
    [null, "0.000000000", 0, 0n, 0n, 0, 1, 0n],
  ],
};

/** Every kind of value a query can give. */
export const kinds: Sheet = {
  columns: [
    { name: "bool", type: "BOOLEAN" },
    { name: "int", type: "INTEGER" },
    { name: "big", type: "BIGINT" },
    { name: "huge", type: "HUGEINT" },
    { name: "money", type: "DECIMAL(18,9)" },
    { name: "wide", type: "DECIMAL(38,2)" },
    { name: "float", type: "FLOAT" },
    { name: "double", type: "DOUBLE" },
    { name: "text", type: "VARCHAR" },
    { name: "at", type: "TIMESTAMP WITH TIME ZONE" },
    { name: "json", type: "JSON" },
    { name: "list", type: "INTEGER[]" },
    { name: "map", type: "MAP(VARCHAR, BIGINT)" },
  ],
  rows: [
    [
      true,
      -7,
      9_007_199_254_740_993n,
      170_141_183_460_469_231_731_687_303_715_884_105_727n,
      "0.139000000",
      "123456789012345678901234567890123456.78",
      Math.fround(0.1),
      0.1 + 0.2,
      'say "hi", a|b',
      at("2026-11-21T10:00:00.123Z"),
      '{"n":18446744073709551615,"s":"a\u2028b"}',
      [1, 2],
      { a: 9_007_199_254_740_993n, __proto__x: 1n },
    ],
    [false, 0, 0n, 0n, "0.000000000", "0.00", 0, Number.NaN, "", null, null, null, null],
  ],
};
