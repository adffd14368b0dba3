import { escapeJson } from "./escape.ts";
import { exactJson } from "./exact.ts";
import { type SheetColumn, type SheetRow, uniqueNames } from "./sheet.ts";
import type { SheetWriter } from "./writer.ts";

/** One JSON array, one object per row and line. */
export function jsonWriter(columns: readonly SheetColumn[]): SheetWriter {
  const names = uniqueNames(columns);
  let first = true;
  return {
    rows: (rows) =>
      rows
        .map((row) => {
          const opening = first ? "[\n" : ",\n";
          first = false;
          return opening + rowJson(columns, names, row);
        })
        .join(""),
    end: () => (first ? "[]\n" : "\n]\n"),
  };
}

/** One JSON object per row, each on its line. */
export function jsonLinesWriter(columns: readonly SheetColumn[]): SheetWriter {
  const names = uniqueNames(columns);
  return {
    rows: (rows) => rows.map((row) => `${rowJson(columns, names, row)}\n`).join(""),
    end: () => "",
  };
}

function rowJson(columns: readonly SheetColumn[], names: readonly string[], row: SheetRow): string {
  const fields = columns.map(
    (column, index) =>
      `${JSON.stringify(names[index])}:${exactJson(row[index] ?? null, column.type)}`,
  );
  return escapeJson(`{${fields.join(",")}}`);
}
