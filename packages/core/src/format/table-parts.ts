import type { Cell } from "./cells.ts";
import type { LayoutColumn } from "./layout.ts";
import type { Overflow } from "./sheet.ts";
import { textWidth } from "./text-width.ts";

/** Colours, or none. */
export interface Paint {
  readonly head: (text: string) => string;
  readonly rule: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly bar: (text: string) => string;
}

/** No colours. */
export const plainPaint: Paint = {
  head: (text) => text,
  rule: (text) => text,
  quiet: (text) => text,
  bar: (text) => text,
};

/** How a table is drawn. */
export interface TableOptions {
  /** Columns of the terminal; Infinity where the output is not one. */
  readonly width: number;
  /** IANA name of the zone whose clock times are shown on; the platform's where undefined. */
  readonly timeZone: string | undefined;
  /** True if a note shows the days, so that times may stand without them in a narrow table. */
  readonly daysAreShown?: boolean;
  readonly paint: Paint;
}

/** A column with its cells as they will be shown. */
export interface DrawnColumn extends LayoutColumn {
  /** Its place among all columns of the sheet. */
  readonly position: number;
  readonly overflow: Overflow;
  readonly align: "left" | "right";
  readonly cells: readonly Cell[];
  /** Each value's part of the column's largest, where bars are wanted. */
  readonly parts: readonly number[] | undefined;
}

/** A text coloured, then filled up to a width: the colour does not reach the filling. */
export function paintPadded(
  text: string,
  width: number,
  align: "left" | "right",
  paint: (text: string) => string,
): string {
  const filling = " ".repeat(Math.max(0, width - textWidth(text)));
  const painted = text === "" ? "" : paint(text);
  return align === "left" ? painted + filling : filling + painted;
}
