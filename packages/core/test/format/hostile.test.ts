import { describe, expect, test } from "vitest";
import { escapeUnsafe } from "../../src/format/escape.ts";
import { type FormatName, formatNames, formatSheet } from "../../src/format/formats.ts";
import type { Sheet } from "../../src/format/sheet.ts";
import { hostile, unsafeIn } from "./hostile.ts";
import { plain } from "./samples.ts";

const rows: Sheet = {
  columns: [
    { name: "n", type: "INTEGER" },
    { name: "text", type: "VARCHAR" },
    { name: "list", type: "VARCHAR[]" },
    { name: "struct", type: "STRUCT(a VARCHAR)" },
  ],
  rows: hostile.map((text, index) => [-1 - index, text, [text], { a: text, [text]: 1 }]),
};

const heads: Sheet = {
  columns: hostile.map((name) => ({ name, label: name, type: "VARCHAR" })),
  rows: [hostile.map(() => "x")],
};

/** Line ends are the formats' own; in CSV a line feed may stand inside quotes. */
const lineEnds: Readonly<Record<FormatName, RegExp>> = {
  table: /\n/g,
  json: /\n/g,
  jsonl: /\n/g,
  csv: /\r\n|\n/g,
  markdown: /\n/g,
};

test("the list is long enough to mean something", () => {
  expect(hostile.length).toBeGreaterThan(500);
  expect(hostile.filter((text) => unsafeIn(text).length > 0).length).toBeGreaterThan(50);
});

describe.each(formatNames)("%s", (name) => {
  test.each([80, 200, Number.POSITIVE_INFINITY])("lets no raw control out at width %s", (width) => {
    for (const sheet of [rows, heads]) {
      const text = formatSheet(name, sheet, { ...plain, width }, hostile);
      expect(unsafeIn(text.replace(lineEnds[name], ""))).toEqual([]);
    }
  });
});

test("a table has as many lines as rows: no text forges one", () => {
  const sheet = {
    columns: rows.columns.slice(0, 2),
    rows: rows.rows.map((row) => row.slice(0, 2)),
  };
  const lines = formatSheet("table", sheet, { ...plain, width: 60 })
    .trimEnd()
    .split("\n");
  expect(lines.length).toBe(hostile.length + 2);
});

test("JSON gives every text back, character by character", () => {
  const wellFormed = (text: string) => text.isWellFormed();
  for (const text of hostile.filter(wellFormed)) {
    const sheet: Sheet = { columns: [{ name: "t", type: "VARCHAR" }], rows: [[text]] };
    expect(JSON.parse(formatSheet("jsonl", sheet, plain))).toEqual({ t: text });
  }
  expect(JSON.parse(formatSheet("json", rows, plain))).toHaveLength(hostile.length);
});

test("no CSV field of text starts a formula, numbers stay numbers", () => {
  const records = parseCsv(formatSheet("csv", rows, plain));
  expect(records).toHaveLength(hostile.length + 1);
  const starts = /^[\s"\uFEFF]*[=+\-@＝＋－＠﹦﹢﹣﹫−\t\r\n\0]/u;
  for (const [index, record] of records.slice(1).entries()) {
    expect(record).toHaveLength(4);
    expect(record[0]).toBe(String(-1 - index));
    for (const field of record.slice(1)) expect(field).not.toMatch(starts);
  }
  for (const field of parseCsv(formatSheet("csv", heads, plain))[0] ?? []) {
    expect(field).not.toMatch(starts);
  }
});

test("raw CSV gives every text back", () => {
  const sheet: Sheet = {
    columns: [{ name: "t", type: "VARCHAR" }],
    rows: hostile.map((text) => [text]),
  };
  const records = parseCsv(formatSheet("csv", sheet, { ...plain, csvRaw: true }));
  expect(records.slice(1).map((record) => record[0])).toEqual(hostile);
});

test("Markdown keeps one cell a cell and no markup alive", () => {
  const sheet: Sheet = {
    columns: [{ name: "t", type: "VARCHAR" }],
    rows: hostile.map((text) => [text]),
  };
  const lines = formatSheet("markdown", sheet, plain).trimEnd().split("\n");
  expect(lines).toHaveLength(hostile.length + 2);
  for (const line of lines) {
    const cell = line.slice(2, -2);
    expect(cell).not.toMatch(/[<>]/);
    expect(cell.replace(/\\\\/g, "")).not.toMatch(/(?<!\\)[|[\]`*_]/);
    expect(cell).not.toMatch(/[a-z]:\/\/|www\./i);
  }
});

test("escapes show which code point stood there", () => {
  expect(escapeUnsafe("a\u001b[31m\u202e\u{e0041}\n\t\u0000\ud800")).toBe(
    "a\\x1b[31m\\u202e\\u{e0041}\\n\\t\\x00\\ud800",
  );
  expect(escapeUnsafe("heart ❤️, 日本語, café, é, 👍🏽")).toBe("heart ❤️, 日本語, café, é, 👍🏽");
});

function parseCsv(text: string): readonly (readonly string[])[] {
  const records: string[][] = [];
  let record: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (const match of text.matchAll(pattern)) {
    record.push(match[1] === undefined ? (match[2] ?? "") : match[1].replaceAll('""', '"'));
    if (match[3] === "\r\n") {
      records.push(record);
      record = [];
    }
  }
  return records;
}
