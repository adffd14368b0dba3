import { type Cell, columnCells, numberOf, shorterInstants } from "./cells.ts";
import { escapeUnsafe } from "./escape.ts";
import { layOut } from "./layout.ts";
import { isInstant, isNumericType, type Sheet, type SheetColumn, shownPositions } from "./sheet.ts";
import { gridLines } from "./table-grid.ts";
import type { DrawnColumn, TableOptions } from "./table-parts.ts";
import { stackedLines } from "./table-stack.ts";
import { textWidth } from "./text-width.ts";

/** A table as text, and what had to be left out of it. */
export interface DrawnTable {
  readonly text: string;
  /** Headings of minor columns for which the terminal is too narrow. */
  readonly leftOut: readonly string[];
}

/**
 * A table for people: a light rule under the head, no boxes, numbers to the
 * right. Text is cut with an ellipsis where the width demands it, then minor
 * columns are left out; rows too wide even so are stacked, one line per column,
 * with nothing left out.
 */
export function drawTable(sheet: Sheet, options: TableOptions): DrawnTable {
  const shown = new Set(shownPositions(sheet));
  const drawn = sheet.columns
    .map((column, index) => drawColumn(sheet, column, index, options))
    .filter(({ full }) => shown.has(full.position));
  const columns = drawn.map(({ full }) => full);
  const shorter = drawn.map(({ short }) => short);
  const layout = layOut(columns, shorter, options.width);
  const lines =
    layout === undefined
      ? stackedLines(columns, sheet.rows.length, options)
      : gridLines(layout, sheet.rows.length, options);
  const kept = new Set((layout?.columns ?? columns).map(({ position }) => position));
  return {
    text: lines.map((line) => `${line.trimEnd()}\n`).join(""),
    leftOut: columns.filter(({ position }) => !kept.has(position)).map(({ heading }) => heading),
  };
}

function drawColumn(
  sheet: Sheet,
  column: SheetColumn,
  position: number,
  options: TableOptions,
): { readonly full: DrawnColumn; readonly short: DrawnColumn } {
  const values = sheet.rows.map((row) => row[position] ?? null);
  const cells = columnCells(column, values, options.timeZone);
  const numeric = isNumericType(column.type);
  const full: DrawnColumn = {
    position,
    heading: escapeUnsafe(column.label ?? column.name),
    align: numeric ? "right" : "left",
    cells,
    cellWidth: widest(cells),
    minor: column.minor === true,
    overflow: column.overflow ?? "cut-end",
    shrinkable: !numeric && !values.some(isInstant),
    parts: column.bar
      ? partsOfLargest(values.map((value) => numberOf(value, column.type)))
      : undefined,
  };
  const shorter = values.some(isInstant)
    ? shorterInstants(values, cells, options.daysAreShown === true)
    : undefined;
  return {
    full,
    short: shorter === undefined ? full : { ...full, cells: shorter, cellWidth: widest(shorter) },
  };
}

function widest(cells: readonly Cell[]): number {
  return cells.reduce((most, cell) => Math.max(most, textWidth(cell.text)), 0);
}

function partsOfLargest(numbers: readonly (number | undefined)[]): readonly number[] {
  const sizes = numbers.map((number) => Math.max(0, number ?? 0));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return sizes.map((size) => (largest === 0 ? 0 : size / largest));
}
