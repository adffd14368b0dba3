import { escapeJson } from "./escape.ts";
import { exactJson } from "./exact.ts";
import type { SheetColumn, SheetRow } from "./sheet.ts";
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

/** The names of the columns; a second `a` becomes `a_2`, for an object has one field of a name. */
function uniqueNames(columns: readonly SheetColumn[]): readonly string[] {
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
