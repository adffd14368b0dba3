import { columnCells, numberOf } from "./cells.ts";
import { escapeUnsafe } from "./escape.ts";
import { fitColumns } from "./layout.ts";
import { isInstant, isNumericType, type Sheet, type SheetColumn } from "./sheet.ts";
import { gridLines } from "./table-grid.ts";
import type { DrawnColumn, TableOptions } from "./table-parts.ts";
import { stackedLines } from "./table-stack.ts";
import { textWidth } from "./text-width.ts";

/**
 * A table for people: a light rule under the head, no boxes, numbers to the
 * right. Text is cut with an ellipsis where the width demands it; rows too wide
 * even so are stacked, one line per column, with nothing left out.
 */
export function drawTable(sheet: Sheet, options: TableOptions): string {
  const columns = sheet.columns.map((column, index) => drawColumn(sheet, column, index, options));
  const widths = fitColumns(columns, options.width);
  const lines =
    widths === undefined
      ? stackedLines(columns, sheet.rows.length, options)
      : gridLines(columns, widths, sheet.rows.length, options);
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

function drawColumn(
  sheet: Sheet,
  column: SheetColumn,
  index: number,
  options: TableOptions,
): DrawnColumn {
  const values = sheet.rows.map((row) => row[index] ?? null);
  const cells = columnCells(column, values, options.timeZone);
  const numeric = isNumericType(column.type);
  return {
    heading: escapeUnsafe(column.label ?? column.name),
    align: numeric ? "right" : "left",
    cells,
    cellWidth: cells.reduce((widest, cell) => Math.max(widest, textWidth(cell.text)), 0),
    shrinkable: !numeric && !values.some(isInstant),
    parts: column.bar
      ? partsOfLargest(values.map((value) => numberOf(value, column.type)))
      : undefined,
  };
}

function partsOfLargest(numbers: readonly (number | undefined)[]): readonly number[] {
  const sizes = numbers.map((number) => Math.max(0, number ?? 0));
  const largest = sizes.reduce((most, size) => Math.max(most, size), 0);
  return sizes.map((size) => (largest === 0 ? 0 : size / largest));
}
