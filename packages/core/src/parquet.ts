import { exactText } from "./format/exact.ts";
import { isInstant, type SheetColumn, type SheetRow, uniqueNames } from "./format/sheet.ts";
import { openTextTable } from "./store/parquet.ts";
import type { Value } from "./store/session.ts";

/** Rows on their way into a Parquet file. */
export interface ParquetTable {
  append(rows: readonly SheetRow[]): void;
  /** Writes the file in one go; the caller puts it in its place. */
  writeTo(path: string): Promise<void>;
  close(): Promise<void>;
}

/** Begins a Parquet file with these columns and types. Nothing is rounded. */
export async function openParquetTable(columns: readonly SheetColumn[]): Promise<ParquetTable> {
  const names = uniqueNames(columns);
  const table = await openTextTable(
    columns.map((column, index) => ({ name: names[index] ?? column.name, type: column.type })),
  );
  return {
    append: (rows) =>
      table.append(
        rows.map((row) => columns.map((column, index) => asText(row[index] ?? null, column.type))),
      ),
    writeTo: (path) => table.writeTo(path),
    close: () => table.close(),
  };
}

function asText(value: Value, type: string): string | null {
  return isInstant(value) ? String(value.micros) : (exactText(value, type) ?? null);
}
