import type { Column, ColumnKind } from "../model/column.ts";
import { type RecordTable, recordTables } from "../model/columns.ts";
import { type StagedTable, stagedValue, stageName, textsName } from "./staging.ts";

/** Name of the attached database during a lease. */
export const STORE = "store";

const sqlTypes: Readonly<Record<ColumnKind, string>> = {
  text: "VARCHAR",
  int: "BIGINT",
  money: "BIGINT",
  double: "DOUBLE",
  bool: "BOOLEAN",
  time: "TIMESTAMPTZ",
  id: "UUID",
};

/** All record tables. */
export const tables: readonly RecordTable[] = Object.values(recordTables);

/** The SQL type of a stored column. */
function sqlType(column: Column): string {
  return column.sqlType ?? sqlTypes[column.kind];
}

/** Full name of a record table in the attached database. */
export function storedName(table: RecordTable): string {
  return `${STORE}.base.${table.name}`;
}

/** The statement that makes a record table. */
export function createTable(table: RecordTable): string {
  const columns = table.columns.map((column) => `${column.name} ${sqlType(column)}`);
  return `CREATE TABLE ${storedName(table)} (${columns.join(", ")})`;
}

/** The statement that gives a record table another column. */
export function addColumn(table: RecordTable, column: Column): string {
  return `ALTER TABLE ${storedName(table)} ADD COLUMN ${column.name} ${sqlType(column)}`;
}

/**
 * The statement that moves staged rows into their record table, but for those
 * it holds already. The comparison is bounded by the time span of the staged
 * rows, so that DuckDB skips what lies outside it.
 */
export function insertRows(staged: StagedTable): string {
  const { table, stage, first, last } = staged;
  const values = valuesOf(staged);
  return `INSERT INTO ${storedName(table)} (${values.map(([name]) => name).join(", ")})
    SELECT ${values.map(([, value]) => value).join(", ")}
    FROM ${stageName(staged)} AS stage
    CROSS JOIN ${textsName(stage)} AS dictionary
    WHERE NOT EXISTS (
      SELECT 1 FROM ${storedName(table)} AS stored
      WHERE stored.record_id = stage.record_id
        AND stored.time BETWEEN make_timestamptz(${first}) AND make_timestamptz(${last}))`;
}

/** The columns that get values, with the SQL of these: those staged, and those computed from them. */
function valuesOf({ table, columns }: StagedTable): readonly (readonly [string, string])[] {
  const staged = new Map(columns.map((column) => [column.name, stagedValue(column)]));
  const computed = table.columns.flatMap((column) => {
    const value = column.computed && staged.get(column.computed.from);
    return value === undefined ? [] : [[column.name, column.computed?.sql(value) ?? ""] as const];
  });
  return [...staged, ...computed];
}
