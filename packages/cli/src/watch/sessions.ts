import type { WireSession } from "@cctelemetry/core";
import { type CellContext, type SessionColumn, sessionColumns } from "./columns.ts";
import { type Line, padded } from "./spans.ts";

const GAP = "  ";

/** A column and how wide it is on this screen. */
interface PlacedColumn {
  readonly column: SessionColumn;
  readonly width: number;
}

/** The head of the table of sessions: headings, and a light rule. */
export function sessionHead(width: number, { paint }: Pick<CellContext, "paint">): readonly Line[] {
  const placed = placeColumns(width);
  return [
    joined(
      placed.map(({ column, width: columnWidth }) =>
        padded({ text: column.heading, paint: paint.head }, columnWidth, column.align),
      ),
    ),
    joined(placed.map((each) => [{ text: "─".repeat(each.width), paint: paint.rule }])),
  ];
}

/** The line of one session; one that rests stays in the background. */
export function sessionLine(
  session: WireSession,
  running: boolean,
  width: number,
  context: CellContext,
): Line {
  return joined(
    placeColumns(width).map(({ column, width: columnWidth }) => {
      const cell = column.cell(session, context, columnWidth);
      const quiet = cell.quiet || (!running && cell.paint !== context.paint.bad);
      const paint = quiet ? context.paint.quiet : cell.paint;
      return padded({ text: cell.text, paint }, columnWidth, column.align);
    }),
  );
}

/** The columns a width has room for; what is left over goes to those that can grow. */
function placeColumns(width: number): readonly PlacedColumn[] {
  const kept = new Set<SessionColumn>();
  let used = -GAP.length;
  for (const column of sessionColumns.toSorted((a, b) => a.rank - b.rank)) {
    const needed = column.least + GAP.length;
    if (kept.size > 0 && used + needed > width) break;
    kept.add(column);
    used += needed;
  }
  let spare = width - used;
  return sessionColumns
    .filter((column) => kept.has(column))
    .map((column) => {
      const growing = [...kept].filter(({ most, least }) => most > least).length;
      const share = Math.ceil((width - used) / Math.max(1, growing));
      const more = Math.max(0, Math.min(column.most - column.least, share, spare));
      spare -= more;
      return { column, width: column.least + more };
    });
}

function joined(cells: readonly Line[]): Line {
  return cells.flatMap((cell, index) => (index === 0 ? cell : [{ text: GAP }, ...cell]));
}
