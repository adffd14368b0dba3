import { GAP } from "./layout.ts";
import { type DrawnColumn, type Paint, paintPadded, type TableOptions } from "./table-parts.ts";
import { ellipsize, hardWrap, textWidth } from "./text-width.ts";

const LONGEST_RULE = 80;

/** The rows one below the other, one line per column; long values go on in the next line. */
export function stackedLines(
  columns: readonly DrawnColumn[],
  rowCount: number,
  { width, paint }: TableOptions,
): readonly string[] {
  const widestHeading = columns.reduce(
    (widest, column) => Math.max(widest, textWidth(column.heading)),
    0,
  );
  const headingWidth = Math.max(1, Math.min(widestHeading, Math.floor(width / 2)));
  const valueWidth = Math.max(2, width - headingWidth - GAP.length);
  return Array.from({ length: rowCount }, (_, row) => [
    paint.rule(`── ${row + 1} `.padEnd(Math.min(width, LONGEST_RULE), "─")),
    ...columns.flatMap((column) => stackedCell(column, row, headingWidth, valueWidth, paint)),
  ]).flat();
}

function stackedCell(
  column: DrawnColumn,
  row: number,
  headingWidth: number,
  valueWidth: number,
  paint: Paint,
): readonly string[] {
  const cell = column.cells[row];
  const heading = ellipsize(column.heading, headingWidth);
  return hardWrap(cell?.text ?? "", valueWidth).map((line, index) => {
    const label = paintPadded(index === 0 ? heading : "", headingWidth, "left", paint.head);
    return `${label}${GAP}${cell?.quiet === true ? paint.quiet(line) : line}`;
  });
}
