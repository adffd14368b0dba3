import type { Instant, Value } from "../store/session.ts";
import { added, type Labels, type Series, seriesKey, shortened } from "./family.ts";

/** A row of a result, by its columns. */
export type Row = Readonly<Record<string, Value>>;

/** Rows with equal labels: when they were written, and sums of their columns as integers. */
export interface Group {
  readonly key: string;
  readonly labels: Labels;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly sums: Readonly<Record<string, bigint>>;
}

/** Adds up rows by their labels. */
export function grouped(
  rows: readonly Row[],
  labelsOf: (row: Row) => Labels,
  columns: readonly string[],
): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const labels = shortened(labelsOf(row));
    const key = seriesKey(labels);
    const before = groups.get(key);
    const [firstTime, lastTime] = [micros(row["first_time"]), micros(row["last_time"])];
    const sums = Object.fromEntries(
      columns.map((column) => [column, (before?.sums[column] ?? 0n) + integer(row[column])]),
    );
    groups.set(key, {
      ...{ key, labels, sums },
      firstTime: Math.min(firstTime, before?.firstTime ?? firstTime),
      lastTime: Math.max(lastTime, before?.lastTime ?? lastTime),
    });
  }
  return [...groups.values()];
}

/** The series that groups give a family by one column; none where there is nothing of it. */
export function seriesOf(groups: readonly Group[], column: string, more: Labels = {}): Series[] {
  return groups.flatMap(({ key, labels, firstTime, lastTime, sums }) => {
    const value = sums[column] ?? 0n;
    if (value === 0n) return [];
    if (Object.keys(more).length === 0) return [{ key, labels, value, firstTime, lastTime }];
    const all = { ...labels, ...more };
    return [{ key: seriesKey(all), labels: all, value, firstTime, lastTime }];
  });
}

/** All series as one without labels; none of none. */
export function summed(series: readonly Series[]): readonly Series[] {
  let sum: Series | undefined;
  for (const each of series) sum = added(sum, { ...each, labels: {}, key: seriesKey({}) });
  return sum === undefined ? [] : [sum];
}

/** A text of a row. */
export function text(value: Value | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** An instant of a row, microseconds since 1970. */
function micros(value: Value | undefined): number {
  return value !== null && typeof value === "object" && "micros" in value
    ? Number((value as Instant).micros)
    : 0;
}

/** A number of a row as an integer: a decimal in units of its last digit. */
function integer(value: Value | undefined): bigint {
  if (typeof value === "bigint") return value;
  return typeof value === "string" ? BigInt(value.replace(".", "")) : 0n;
}
