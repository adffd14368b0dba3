import { describe, expect, test } from "vitest";
import { formatSheet } from "../../src/format/formats.ts";
import type { Sheet } from "../../src/format/sheet.ts";
import { textWidth } from "../../src/format/text-width.ts";
import { plain } from "./samples.ts";

const at = (iso: string) => ({ kind: "time" as const, micros: BigInt(Date.parse(iso)) * 1000n });

const TIME = "TIMESTAMP WITH TIME ZONE";

function table(sheet: Sheet, width: number, options: object = {}): readonly string[] {
  const lines = formatSheet("table", sheet, { ...plain, width, ...options }).split("\n");
  for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
  return lines;
}

describe("minor columns", () => {
  const sheet: Sheet = {
    columns: [
      { name: "stage", type: "VARCHAR" },
      { name: "first", type: "BIGINT", minor: true },
      { name: "cost", type: "BIGINT" },
      { name: "second", type: "BIGINT", minor: true },
    ],
    rows: [["implement", 1n, 2n, 3n]],
  };

  test("stand where there is room", () => {
    expect(table(sheet, 40).join("\n")).not.toContain("left out");
  });

  test("are left out, the last first, and named", () => {
    const some = table(sheet, 24);
    expect(some[0]).toBe("stage      first  cost");
    expect(some.join(" ")).toContain("not shown at this width: second");
    expect(table(sheet, 16).slice(0, 3)).toEqual([
      "stage      cost",
      "─────────  ────",
      "implement     2",
    ]);
  });

  test("are in every other format", () => {
    for (const format of ["json", "jsonl", "csv", "markdown"] as const) {
      expect(formatSheet(format, sheet, { ...plain, width: 16 })).toContain("second");
    }
  });
});

describe("times", () => {
  const sheet: Sheet = {
    columns: [
      { name: "at", type: TIME },
      { name: "text", type: "VARCHAR" },
    ],
    rows: [
      [at("2026-11-21T10:00:07Z"), "a text of some length"],
      [at("2026-11-21T11:30:00Z"), "another"],
    ],
  };

  test("lose year and seconds before texts are cut", () => {
    expect(table(sheet, 60)[2]).toBe("2026-11-21 10:00:07  a text of some length");
    expect(table(sheet, 34)[2]).toBe("11-21 10:00  a text of some length");
  });

  test("lose the day only if it is shown elsewhere", () => {
    expect(table(sheet, 34, { daysAreShown: true })[2]).toBe("10:00:07  a text of some length");
  });

  test("keep the year where years differ", () => {
    const rows = [...sheet.rows, [at("2025-11-21T10:00:07Z"), "a year ago"]];
    expect(table({ ...sheet, rows }, 34)[2]).toMatch(/^2026-11-21 10:00:07 {2}a text of so…$/);
  });
});

describe("long texts", () => {
  const paths = ["/var/log/otel/one.jsonl", "/var/log/otel/two.jsonl"];
  const sheet = (overflow?: "wrap" | "cut-start"): Sheet => ({
    columns: [
      { name: "path", type: "VARCHAR", ...(overflow === undefined ? {} : { overflow }) },
      { name: "n", type: "BIGINT" },
    ],
    rows: paths.map((path, index) => [path, BigInt(index)]),
  });

  test("that begin alike are cut where they differ", () => {
    expect(table(sheet(), 16).slice(2, 4)).toEqual(["…el/one.jsonl  0", "…el/two.jsonl  1"]);
  });

  test("that differ at their start are cut at the end", () => {
    const other = {
      ...sheet(),
      rows: [
        ["first of some length", 0n],
        ["second of some length", 1n],
      ],
    };
    expect(table(other, 16)[2]).toBe("first of som…  0");
  });

  test("may go on in the next line", () => {
    const words: Sheet = {
      columns: [
        { name: "n", type: "BIGINT" },
        { name: "meaning", type: "VARCHAR", overflow: "wrap" },
      ],
      rows: [
        [1n, "Tokens that were read from the cache."],
        [2n, "日本語".repeat(8)],
      ],
    };
    expect(table(words, 20).slice(2, 8)).toEqual([
      "1  Tokens that were",
      "   read from the",
      "   cache.",
      "2  日本語日本語日本",
      "   語日本語日本語日",
      "   本語日本語日本語",
    ]);
  });
});

test("a table that cannot fit at all is stacked with everything in it", () => {
  const sheet: Sheet = {
    columns: Array.from({ length: 9 }, (_, index) => ({
      name: `c${index}`,
      type: "BIGINT",
      minor: index > 7,
    })),
    rows: [Array.from({ length: 9 }, () => 123_456_789n)],
  };
  const lines = table(sheet, 40);
  expect(lines[0]).toMatch(/^── 1 ─+$/);
  expect(lines.filter((line) => line.includes("123456789"))).toHaveLength(9);
});
