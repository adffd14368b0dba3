/** Cells as they came over the wire, back as values, and as people read them. */
import {
  columnCells,
  escapeUnsafe,
  formatSheet,
  isNumericType,
  plainPaint,
  type SheetColumn,
  type Value,
} from "@cctelemetry/core/text";
import type { Cell, TableColumn, TableMessage } from "../../host/protocol.ts";

type Unit = SheetColumn["unit"];
const units = [
  "tokens",
  "usd",
  "ms",
  "seconds",
  "count",
  "ratio",
  "bytes",
  "time",
  "text",
] as const;

const ISO = /^([+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/;
const DIGITS = /^-?\d+$/;

/** The value that a cell stands for. */
export function revived(cell: Cell, type: string): Value {
  if (typeof cell !== "string") return cell;
  if (type.startsWith("TIMESTAMP")) {
    const micros = microsOf(cell);
    return micros === undefined ? cell : { kind: "time", micros };
  }
  return isNumericType(type) && DIGITS.test(cell) && !type.startsWith("DECIMAL")
    ? BigInt(cell)
    : cell;
}

/** Microseconds since 1970 of an instant in ISO 8601, UTC; undefined for other text. */
export function microsOf(text: string): bigint | undefined {
  const [, seconds, fraction = ""] = ISO.exec(text) ?? [];
  const ms = seconds === undefined ? Number.NaN : Date.parse(`${seconds}Z`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

/** A cell as a number, for charts and sorting; undefined if it is none. */
export function numberOf(cell: Cell | undefined): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell !== "string" || cell === "") return undefined;
  const number = Number(cell);
  return Number.isFinite(number) ? number : undefined;
}

export interface ShownCell {
  readonly text: string;
  /** The whole value; undefined if the text already is. */
  readonly exact: string | undefined;
  readonly quiet: boolean;
}

/** The cells of a column as people read them, alike in their decimals. */
export function shownCells(
  column: TableColumn,
  cells: readonly Cell[],
  timeZone: string,
): readonly ShownCell[] {
  const values = cells.map((cell) => revived(cell, column.type));
  return columnCells(sheetColumn(column), values, timeZone).map(({ text, quiet }, at) => {
    const cell = cells[at] ?? null;
    const exact = cell === null ? undefined : escapeUnsafe(String(cell));
    return { text, quiet, exact: exact === text ? undefined : exact };
  });
}

/** A table as text in a format of the core. */
export function tableText(
  format: "csv" | "json" | "markdown",
  { columns, rows }: Pick<TableMessage, "columns" | "rows">,
  timeZone: string,
  heading: string,
): string {
  const sheet = {
    columns: columns.map(sheetColumn),
    rows: rows.map((row) => row.map((cell, at) => revived(cell, columns[at]?.type ?? ""))),
  };
  return formatSheet(format, sheet, {
    csvRaw: false,
    heading,
    timeZone,
    width: Number.POSITIVE_INFINITY,
    paint: plainPaint,
  });
}

/** True if the column's values are numbers. */
export function isNumeric({ type }: TableColumn): boolean {
  return isNumericType(type);
}

function sheetColumn({ name, label, type, unit }: TableColumn): SheetColumn {
  const known: Unit = units.find((each) => each === unit);
  return { name, label, type: plainType(type), ...(known === undefined ? {} : { unit: known }) };
}

/** Lists and structs come as their JSON. */
function plainType(type: string): string {
  return /\[\d*\]$|^(?:STRUCT|MAP|UNION|LIST)\b/.test(type) ? "JSON" : type;
}
