import type { Batch } from "../../src/model/batch.ts";
import type { Dictionary } from "../../src/model/dictionary.ts";
import { Lanes } from "../../src/model/hash.ts";
import type { ColumnBuffer } from "../../src/model/table-buffer.ts";

/** A row of a batch as plain data: its table, and every column that is not NULL. */
export interface PlainRow {
  readonly table: string;
  readonly [column: string]: string | number | bigint | boolean;
}

/** The committed rows of a batch, codes turned into what they stand for. */
function rowsOf(batch: Batch): PlainRow[] {
  return batch.tables().flatMap(({ buffer }) =>
    Array.from({ length: buffer.rows }, (_, row) => {
      const values = buffer.columns.flatMap((column) => {
        const value = plainValue(column, row, batch.dictionary);
        return value === null ? [] : [[column.column.name, value] as const];
      });
      return { ...Object.fromEntries(values), table: buffer.table.name };
    }),
  );
}

/** The committed rows of a batch, which is as if new afterwards: nothing is a duplicate of them. */
export function takeRows(batch: Batch): PlainRow[] {
  const rows = rowsOf(batch);
  batch.discard();
  return rows;
}

/** The ids alone of the rows that `takeRows` gives. */
export function takeIds(batch: Batch): string[] {
  const ids = batch.tables().flatMap(({ buffer }) => {
    const column = buffer.columns.find(({ column: { name } }) => name === "record_id");
    if (column === undefined) return [];
    return Array.from({ length: buffer.rows }, (_, row) =>
      String(plainValue(column, row, batch.dictionary)),
    );
  });
  batch.discard();
  return ids;
}

/** Rows by record id. */
export function byId(rows: readonly PlainRow[]): Map<string, PlainRow> {
  return new Map(rows.map((row) => [String(row["record_id"]), row]));
}

function plainValue(
  buffer: ColumnBuffer,
  row: number,
  dictionary: Dictionary,
): string | number | bigint | boolean | null {
  const code = buffer.codes[row] ?? 0;
  switch (buffer.column.kind) {
    case "text":
      return code === 0 ? null : dictionary.text(code);
    case "bool":
      return code === 0 ? null : code === 2;
    case "double":
      return code === 0 ? null : (buffer.doubles[row] ?? null);
    case "id": {
      const lanes = new Lanes();
      buffer.readLanes(row, lanes);
      return lanes.toHex();
    }
    default: {
      const low = buffer.words[row * 2] ?? 0;
      const high = buffer.words[row * 2 + 1] ?? 0;
      const value = (BigInt(high) << 32n) | BigInt(low >>> 0);
      return value === -(2n ** 63n) ? null : value;
    }
  }
}
