import type { ReportUnit } from "../reports/report.ts";
import type { Instant, Value } from "../store/session.ts";

/** One column of a sheet. */
export interface SheetColumn {
  /** The name in SQL, JSON and CSV. */
  readonly name: string;
  /** The heading in tables and Markdown; the name where there is none. */
  readonly label?: string;
  /** The engine's type, e.g. `DECIMAL(18,9)`. */
  readonly type: string;
  /** Known for reports; numbers without a unit are shown exactly. */
  readonly unit?: ReportUnit;
  /** True where a bar shall show each value's part of the largest. */
  readonly bar?: boolean;
  /** True where a narrow table may do without it; every other format has it. */
  readonly minor?: boolean;
  /** True where a table does without it unless a value is something else than zero or missing. */
  readonly whenSome?: boolean;
  /** What becomes of text that is too wide: its end is cut (the default), its start, or nothing. */
  readonly overflow?: Overflow;
}

/** What a format writes: columns and rows in order. */
export interface Sheet {
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly SheetRow[];
}

/** What becomes of text that is too wide for a table. */
export type Overflow = "cut-end" | "cut-start" | "wrap";

export type SheetRow = readonly Value[];

const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL\b.*|BIGNUM)$/;

/** True where the type's values are numbers, exact text of decimals included. */
export function isNumericType(type: string): boolean {
  return NUMERIC.test(type);
}

/** Positions of the columns that a table for people shows: not those that only say zero, where they may be left out. */
export function shownPositions({ columns, rows }: Sheet): readonly number[] {
  const says = (value: Value | undefined) => value !== null && Number(value) !== 0;
  return [...columns.keys()].filter(
    (at) => columns[at]?.whenSome !== true || rows.some((row) => says(row[at])),
  );
}

/** True for TIMESTAMP, whose values are a clock's reading somewhere, not an instant. */
export function isZonelessType(type: string): boolean {
  return type.startsWith("TIMESTAMP") && !type.endsWith("WITH TIME ZONE");
}

/** True for an instant, false for every other value. */
export function isInstant(value: Value): value is Instant {
  return (
    typeof value === "object" &&
    value !== null &&
    "micros" in value &&
    "kind" in value &&
    value.kind === "time" &&
    typeof value.micros === "bigint"
  );
}

/** The names of the columns; a second `a` becomes `a_2`, for an object has one field of a name. */
export function uniqueNames(columns: readonly SheetColumn[]): readonly string[] {
  const taken = new Set(columns.map((column) => column.name));
  const used = new Set<string>();
  return columns.map(({ name }) => {
    let unique = name;
    for (let count = 2; used.has(unique); count += 1) {
      const candidate = `${name}_${count}`;
      if (!taken.has(candidate)) unique = candidate;
    }
    used.add(unique);
    taken.add(unique);
    return unique;
  });
}
