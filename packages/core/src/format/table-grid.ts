import { GAP, type Layout } from "./layout.ts";
import type { Overflow } from "./sheet.ts";
import { type DrawnColumn, type Paint, paintPadded, type TableOptions } from "./table-parts.ts";
import { ellipsize, ellipsizeStart, wrapText, wrapWords } from "./text-width.ts";

const WIDEST_BAR = 20;
const NARROWEST_BAR = 5;

/** What stands below one stretch of the rule: a column, or the bars beside it. */
interface Track {
  readonly width: number;
  readonly align: "left" | "right";
  readonly heading: readonly string[];
  readonly cell: (row: number) => {
    readonly lines: readonly string[];
    readonly paint: (text: string) => string;
  };
}

/** The lines of a table with this layout. */
export function gridLines(
  { columns, widths }: Layout<DrawnColumn>,
  rowCount: number,
  { width, paint }: TableOptions,
): readonly string[] {
  const barWidth = roomForBars(columns, widths, width);
  const tracks = columns.flatMap((column, index) => {
    const track = columnTrack(column, widths[index] ?? 0, paint);
    return column.parts === undefined || barWidth === 0
      ? [track]
      : [track, barTrack(column.parts, barWidth, paint)];
  });
  const rows = Array.from({ length: rowCount }, (_, row) => rowLines(tracks, row)).flat();
  const rule = tracks.map((track) => paint.rule("─".repeat(track.width))).join(GAP);
  return [...headLines(tracks, paint), rule, ...rows];
}

/** A row has as many lines as its highest cell. */
function rowLines(tracks: readonly Track[], row: number): readonly string[] {
  const cells = tracks.map((track) => track.cell(row));
  const height = Math.max(1, ...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    tracks
      .map((track, index) => {
        const cell = cells[index];
        const text = cell?.lines[line] ?? "";
        return paintPadded(text, track.width, track.align, cell?.paint ?? plain);
      })
      .join(GAP),
  );
}

/** Short headings stand at the rule, not above it. */
function headLines(tracks: readonly Track[], paint: Paint): readonly string[] {
  const height = Math.max(1, ...tracks.map((track) => track.heading.length));
  return Array.from({ length: height }, (_, line) =>
    tracks
      .map((track) => {
        const text = track.heading[line - (height - track.heading.length)] ?? "";
        return paintPadded(text, track.width, track.align, paint.head);
      })
      .join(GAP),
  );
}

function columnTrack(column: DrawnColumn, width: number, paint: Paint): Track {
  const inLines = fitted[overflowOf(column, width)];
  return {
    width,
    align: column.align,
    heading: wrapWords(column.heading, width),
    cell: (row) => {
      const cell = column.cells[row];
      const paintCell = cell?.quiet === true ? paint.quiet : plain;
      return { lines: inLines(cell?.text ?? "", width), paint: paintCell };
    },
  };
}

/** Names that begin alike are cut at their start if more of them then differ. */
function overflowOf({ overflow, cells }: DrawnColumn, width: number): Overflow {
  if (overflow !== "cut-end") return overflow;
  const texts = [...new Set(cells.map((cell) => cell.text))];
  const distinct = (cut: (text: string, width: number) => string) =>
    new Set(texts.map((text) => cut(text, width))).size;
  const byStart = distinct(ellipsize);
  return byStart < texts.length && distinct(ellipsizeStart) > byStart ? "cut-start" : "cut-end";
}

/** A text in the lines of a cell. */
const fitted = {
  "cut-end": (text, width) => [ellipsize(text, width)],
  "cut-start": (text, width) => [ellipsizeStart(text, width)],
  wrap: wrapText,
} satisfies Record<Overflow, (text: string, width: number) => readonly string[]>;

function barTrack(parts: readonly number[], width: number, paint: Paint): Track {
  return {
    width,
    align: "left",
    heading: [],
    cell: (row) => ({ lines: [barText(parts[row] ?? 0, width)], paint: paint.bar }),
  };
}

/** The width of each bar: what the table leaves free, or 0. */
function roomForBars(
  columns: readonly DrawnColumn[],
  widths: readonly number[],
  width: number,
): number {
  const bars = columns.filter((column) => column.parts !== undefined).length;
  if (bars === 0) return 0;
  const used = widths.reduce((total, one) => total + one + GAP.length, -GAP.length);
  const room = Math.min(WIDEST_BAR, Math.floor((width - used) / bars) - GAP.length);
  return room < NARROWEST_BAR ? 0 : room;
}

function barText(part: number, width: number): string {
  const exact = part * width;
  const full = Math.floor(exact + 0.25);
  const hasTick = full < width && (exact - full >= 0.25 || (part > 0 && full === 0));
  return "▇".repeat(full) + (hasTick ? "▏" : "");
}

function plain(text: string): string {
  return text;
}
