import { longestWord, textWidth } from "./text-width.ts";

/** Between two columns. */
export const GAP = "  ";

/** The least a column of text is cut down to, and the least where columns could be left out instead. */
const LEAST_TEXT = 8;
const COMFORTABLE_TEXT = 16;

/** What the layout has to know of a column. */
export interface LayoutColumn {
  readonly heading: string;
  /** The width of the widest cell. */
  readonly cellWidth: number;
  /** Text may be cut with an ellipsis; numbers and times never are. */
  readonly shrinkable: boolean;
  /** A narrow table may do without it. */
  readonly minor: boolean;
}

/** Columns that stand side by side, and how wide each is. */
export interface Layout<Column> {
  readonly columns: readonly Column[];
  readonly widths: readonly number[];
}

/**
 * How the columns fit into `width`: first as they are, headings wrapped and texts
 * cut, then in their shorter form, then without minor columns, the last left out
 * first, then with texts cut further. Undefined where even that is not enough;
 * then the rows have to be stacked.
 */
export function layOut<Column extends LayoutColumn>(
  columns: readonly Column[],
  shorter: readonly Column[],
  width: number,
): Layout<Column> | undefined {
  const full = fitColumns(columns, width, COMFORTABLE_TEXT);
  if (full !== undefined) return { columns, widths: full };
  let kept = shorter;
  for (;;) {
    const last = kept.findLastIndex((column) => column.minor);
    const widths = fitColumns(kept, width, last < 0 ? LEAST_TEXT : COMFORTABLE_TEXT);
    if (widths !== undefined) return { columns: kept, widths };
    if (last < 0) return undefined;
    kept = kept.filter((_, index) => index !== last);
  }
}

function fitColumns(
  columns: readonly LayoutColumn[],
  width: number,
  leastText: number,
): readonly number[] | undefined {
  const widths = columns.map((column) => Math.max(textWidth(column.heading), column.cellWidth));
  const room = width - GAP.length * Math.max(0, columns.length - 1);
  const withWrappedHeads = columns.map((column) =>
    Math.max(longestWord(column.heading), column.cellWidth),
  );
  const withCutTexts = columns.map((column, index) =>
    column.shrinkable
      ? Math.max(longestWord(column.heading), Math.min(column.cellWidth, leastText))
      : (withWrappedHeads[index] ?? 0),
  );
  if (sum(withCutTexts) > room) return undefined;
  shrink(widths, withWrappedHeads, room);
  shrink(widths, withCutTexts, room);
  return widths;
}

/** Takes from the widest column that has something to give, until all fit. */
function shrink(widths: number[], least: readonly number[], room: number): void {
  let excess = sum(widths) - room;
  while (excess > 0) {
    const givers = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const [widest = 0, next = 0] = givers.toSorted((a, b) => b - a);
    if (widest === 0) return;
    const index = givers.indexOf(widest);
    const floor = Math.max(least[index] ?? 0, next);
    const step = Math.max(1, Math.min(excess, widest - floor));
    widths[index] = widest - step;
    excess -= step;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
