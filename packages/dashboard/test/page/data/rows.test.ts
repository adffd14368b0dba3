import { expect, test } from "vitest";
import type { Cell, TableColumn } from "../../../src/host/protocol.ts";
import { filterRows, nextSort, sortRows } from "../../../src/page/data/rows.ts";

function column(name: string, type: string): TableColumn {
  return { name, label: name, type, unit: null, role: null, bar: false, minor: false };
}

function sorted(type: string, cells: readonly Cell[], direction: "ascending" | "descending") {
  const table = { columns: [column("a", type)], rows: cells.map((cell) => [cell]) };
  return sortRows(table, { column: "a", direction }).map(([cell]) => cell);
}

test("numbers are sorted as numbers, whatever they came as", () => {
  expect(sorted("DECIMAL(18,9)", ["10.5", "9", "0.1"], "ascending")).toEqual(["0.1", "9", "10.5"]);
  expect(sorted("BIGINT", [3, "9007199254740993", "9007199254740992"], "descending")).toEqual([
    "9007199254740993",
    "9007199254740992",
    3,
  ]);
});

test("missing values come last, up and down", () => {
  expect(sorted("BIGINT", [null, 2, 1], "ascending")).toEqual([1, 2, null]);
  expect(sorted("BIGINT", [null, 1, 2], "descending")).toEqual([2, 1, null]);
});

test("numbers within text count as numbers", () => {
  expect(sorted("VARCHAR", ["task 10", "task 9"], "ascending")).toEqual(["task 9", "task 10"]);
});

test("a head sorts, turns around and lets go", () => {
  const cost = column("cost", "DOUBLE");
  const first = nextSort(undefined, cost);
  const second = nextSort(first, cost);
  expect([first?.direction, second?.direction]).toEqual(["descending", "ascending"]);
  expect(nextSort(second, cost)).toBeUndefined();
});

test("every word must be somewhere in the row", () => {
  const rows = [
    ["review", "claude-opus"],
    ["review", "claude-haiku"],
    ["docs", null],
  ];
  expect(filterRows(rows, "OPUS rev")).toEqual([rows[0]]);
  expect(filterRows(rows, " ")).toBe(rows);
});
