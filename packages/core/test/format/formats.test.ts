import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type FormatName, formatNames, formatSheet, formats } from "../../src/format/formats.ts";
import type { Sheet } from "../../src/format/sheet.ts";
import { textWidth } from "../../src/format/text-width.ts";
import { kinds, plain, stages } from "./samples.ts";

/** Compares with `golden/<name>.txt`; UPDATE=1 rewrites it. Git keeps no CRLF, so CR is shown. */
function expectGolden(name: string, output: string): void {
  const actual = output.replaceAll("\r", "␍");
  const path = new URL(`./golden/${name}.txt`, import.meta.url);
  if (process.env["UPDATE"] === "1") writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, "utf8"));
}

test.each([50, 64, 80, 140])("stages, %s columns wide", (width) => {
  const text = formatSheet("table", stages, { ...plain, width }, ["5 rows · UTC"]);
  expectGolden(`stages-${width}`, text);
  for (const line of text.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(width);
});

test.each(formatNames)("every kind of value as %s", (name: FormatName) => {
  const width = Number.POSITIVE_INFINITY;
  expectGolden(`kinds-${name}`, formatSheet(name, kinds, { ...plain, width }, ["2 rows"]));
});

test("colours stand around the text, not around its filling", () => {
  const paint = {
    head: (text: string) => `<h>${text}</h>`,
    rule: (text: string) => `<r>${text}</r>`,
    quiet: (text: string) => `<q>${text}</q>`,
    bar: (text: string) => `<b>${text}</b>`,
  };
  expectGolden("stages-painted", formatSheet("table", stages, { ...plain, paint }, ["5 rows"]));
});

test("text is cut where the terminal ends, wide characters and emoji included", () => {
  const sheet: Sheet = {
    columns: [
      { name: "id", type: "VARCHAR" },
      { name: "prompt", type: "VARCHAR" },
      { name: "n", type: "BIGINT" },
    ],
    rows: [
      ["0193a7b2-1111-4222-8333-123456789abc", "日本語のとても長いプロンプトです".repeat(3), 1n],
      ["short", `👩🏽‍🚀 ${"é".repeat(80)}`, 123_456_789n],
    ],
  };
  for (const width of [40, 60, 80]) {
    const lines = formatSheet("table", sheet, { ...plain, width }).split("\n");
    for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
    expect(lines.join("\n")).toContain("…");
    expect(lines.join("\n")).toContain("123456789");
  }
});

test("what cannot stand side by side is stacked, and nothing is left out", () => {
  const columns = Array.from({ length: 50 }, (_, index) => ({
    name: `column_${index}`,
    type: "VARCHAR",
  }));
  const sheet: Sheet = { columns, rows: [columns.map((_, index) => `value ${index} `.repeat(20))] };
  const text = formatSheet("table", sheet, plain);
  for (const line of text.split("\n")) expect(textWidth(line)).toBeLessThanOrEqual(80);
  const flat = text.replaceAll(/\s/g, "");
  for (const index of columns.keys()) expect(flat).toContain(`column_${index}`);
  expect(flat.match(/value49/g)).toHaveLength(20);
});

test("no rows: a head, an empty array, nothing", () => {
  const none = { columns: [{ name: "a", type: "VARCHAR" }], rows: [] };
  expect(formatSheet("table", none, plain, ["0 rows"])).toBe("a\n─\n\n0 rows\n");
  expect(formatSheet("json", none, plain)).toBe("[]\n");
  expect(formatSheet("jsonl", none, plain)).toBe("");
  expect(formatSheet("csv", none, plain)).toBe("a\r\n");
  expect(formatSheet("markdown", none, plain)).toBe("| a |\n| --- |\n");
});

test("rows in batches give the same text as all at once", () => {
  for (const name of formatNames) {
    const writer = formats[name](kinds.columns, plain);
    const parts = kinds.rows.map((row) => writer.rows([row]));
    expect(parts.join("") + writer.end([])).toBe(formatSheet(name, kinds, plain));
  }
});

test("two columns of one name are two fields", () => {
  const sheet: Sheet = {
    columns: ["a", "a", "a_2", "__proto__"].map((name) => ({ name, type: "INTEGER" })),
    rows: [[1, 2, 3, 4]],
  };
  expect(formatSheet("jsonl", sheet, plain)).toBe('{"a":1,"a_3":2,"a_2":3,"__proto__":4}\n');
});

test("a timestamp of no time zone is shown as it reads", () => {
  const reading = { kind: "time", micros: 1_795_255_200_000_000n } as const;
  const sheet: Sheet = {
    columns: [
      { name: "zoneless", type: "TIMESTAMP" },
      { name: "instant", type: "TIMESTAMP WITH TIME ZONE" },
    ],
    rows: [[reading, reading]],
  };
  const berlin = { ...plain, timeZone: "Europe/Berlin" };
  expect(formatSheet("table", sheet, berlin)).toContain("2026-11-21 10:00:00  2026-11-21 11:00:00");
  expect(formatSheet("csv", sheet, berlin)).toContain("2026-11-21T10:00:00,2026-11-21T10:00:00Z");
});
