import type { ReportUnit } from "../reports/report.ts";
import type { Value } from "../store/session.ts";
import { escapeUnsafe } from "./escape.ts";
import { exactText } from "./exact.ts";
import {
  compactBytes,
  compactCount,
  compactDuration,
  compactRatio,
  compactUsd,
  MISSING,
  usdDecimals,
} from "./numbers.ts";
import { isInstant, isNumericType, isZonelessType, type SheetColumn } from "./sheet.ts";
import { zonedClock } from "./time.ts";

/** A cell as people read it. */
export interface Cell {
  readonly text: string;
  /** Missing values and zeros stay in the background. */
  readonly quiet: boolean;
}

const MISSING_CELL: Cell = { text: MISSING, quiet: true };

type NumberText = (value: number) => string;

/** How the numbers of each unit are shown; `undefined` shows them exactly. */
const numberTexts = {
  tokens: () => compactCount,
  count: () => compactCount,
  usd: (largest: number): NumberText => {
    const decimals = usdDecimals(largest);
    return (value) => compactUsd(value, decimals);
  },
  ms: () => compactDuration,
  seconds: (): NumberText => (value) => compactDuration(value * 1000),
  ratio: () => compactRatio,
  bytes: () => compactBytes,
  time: () => undefined,
  text: () => undefined,
} satisfies Record<ReportUnit, (largest: number) => NumberText | undefined>;

/**
 * The cells of one column: numbers short where their unit is known, instants on
 * the clock of the time zone (the date alone where all are midnights), all text
 * escaped.
 */
export function columnCells(
  column: SheetColumn,
  values: readonly Value[],
  timeZone: string | undefined,
): readonly Cell[] {
  if (values.some(isInstant)) {
    return instantCells(values, isZonelessType(column.type) ? "UTC" : timeZone);
  }
  const numbers = values.map((value) => numberOf(value, column.type));
  const largest = numbers.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0);
  const show = column.unit === undefined ? undefined : numberTexts[column.unit](largest);
  return values.map((value, index) => {
    const number = numbers[index];
    if (number === undefined) return plainCell(value, column.type);
    return {
      text: show === undefined ? exactNumber(value, column.type) : show(number),
      quiet: number === 0,
    };
  });
}

/**
 * The same instants shorter, for narrow tables: the time alone where all are of
 * one day that is shown elsewhere, else day and time without year and seconds. Undefined where that
 * would hide a difference, or nothing is gained.
 */
export function shorterInstants(
  values: readonly Value[],
  cells: readonly Cell[],
  daysAreShown: boolean,
): readonly Cell[] | undefined {
  const shown = cells
    .filter((_, index) => isInstant(values[index] ?? null))
    .map(({ text }) => text);
  if (!shown.every((text) => FULL_TIME.test(text))) return undefined;
  const [first = ""] = shown;
  const same = (length: number) => shown.every((text) => text.startsWith(first.slice(0, length)));
  const part = daysAreShown && same(10) ? ([11, 19] as const) : ([5, 16] as const);
  if (!same(4)) return undefined;
  return cells.map((cell, index) =>
    isInstant(values[index] ?? null) ? { ...cell, text: cell.text.slice(...part) } : cell,
  );
}

const FULL_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

/** The number a value stands for, exact decimal text included; undefined for anything else. */
export function numberOf(value: Value, type: string): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" && isNumericType(type) ? Number(value) : undefined;
}

function plainCell(value: Value, type: string): Cell {
  const text = exactText(value, type);
  return text === undefined ? MISSING_CELL : { text: escapeUnsafe(text), quiet: false };
}

/** Without the noise of binary fractions: 0.1 + 0.2 is 0.3. */
function exactNumber(value: Value, type: string): string {
  if (typeof value === "number" && Number.isFinite(value) && type === "DOUBLE") {
    return String(Number(value.toPrecision(15)));
  }
  return exactText(value, type) ?? MISSING;
}

function instantCells(values: readonly Value[], timeZone: string | undefined): readonly Cell[] {
  const clock = zonedClock(timeZone);
  const dates = values.map((value) => (isInstant(value) ? clock.midnight(value.micros) : ""));
  const datesOnly = dates.every((date) => date !== undefined);
  return values.map((value, index) => {
    if (!isInstant(value)) return plainCell(value, "");
    return { text: datesOnly ? (dates[index] ?? "") : clock.seconds(value.micros), quiet: false };
  });
}
