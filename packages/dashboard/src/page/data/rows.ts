/** Rows of a table in the order and choice that were asked for. */
import { isNumericType } from "@cctelemetry/core/text";
import type { Cell, TableColumn, TableMessage } from "../../host/protocol.ts";
import { numberOf } from "./cells.ts";
import type { PartlyKnown } from "./text.ts";

export type Row = readonly Cell[];

export interface Sort {
  readonly column: string;
  readonly direction: "ascending" | "descending";
}

/** The rows sorted by a column; those without a value come last. The order is stable. */
export function sortRows(
  { columns, rows }: Pick<TableMessage, "columns" | "rows">,
  sort: Sort | undefined,
): readonly Row[] {
  const at = columns.findIndex(({ name }) => name === sort?.column);
  const column = columns[at];
  if (sort === undefined || column === undefined) return rows;
  const compare = isNumericType(column.type) ? byNumber : byText;
  const sign = sort.direction === "ascending" ? 1 : -1;
  return rows.toSorted((a, b) => {
    const left = a[at] ?? null;
    const right = b[at] ?? null;
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * compare(left, right);
  });
}

/** How a column is sorted when its head is used: numbers and times from the largest on. */
export function nextSort(sort: Sort | undefined, column: TableColumn): Sort | undefined {
  const first =
    isNumericType(column.type) || column.type.startsWith("TIMESTAMP") ? "descending" : "ascending";
  const second = first === "ascending" ? "descending" : "ascending";
  if (sort?.column !== column.name) return { column: column.name, direction: first };
  return sort.direction === first ? { column: column.name, direction: second } : undefined;
}

/** The rows that hold every word of a text, in whatever column, upper or lower case alike. */
export function filterRows(rows: readonly Row[], text: string): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const whole = row.map((cell) => String(cell ?? "").toLowerCase());
    return words.every((word) => whole.some((cell) => cell.includes(word)));
  });
}

/** Gives a row's values by the names of their columns. */
export interface Reader {
  has(name: string): boolean;
  cell(row: Row, name: string): Cell;
  text(row: Row, name: string): string;
  number(row: Row, name: string): number;
}

/** What a row cost, as far as that is known: nothing is unknown, not 0. */
export function costOfRow(read: Reader, row: Row): PartlyKnown {
  const usd = numberOf(read.cell(row, "cost_usd"));
  return { usd, unpricedRequests: read.number(row, "unpriced_requests") };
}

export function readerOf(columns: readonly TableColumn[]): Reader {
  const places = new Map(columns.map(({ name }, at) => [name, at]));
  const cell = (row: Row, name: string): Cell => row[places.get(name) ?? -1] ?? null;
  return {
    has: (name) => places.has(name),
    cell,
    text: (row, name) => String(cell(row, name) ?? ""),
    number: (row, name) => numberOf(cell(row, name)) ?? 0,
  };
}

function byNumber(a: Cell, b: Cell): number {
  const [left, right] = [Number(a), Number(b)];
  if (left !== right || typeof a !== "string" || typeof b !== "string") return left - right;
  return a.length - b.length || byText(a, b);
}

const collator = new Intl.Collator("en", { numeric: true });

function byText(a: Cell, b: Cell): number {
  return collator.compare(String(a), String(b));
}
