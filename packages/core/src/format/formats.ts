import { csvWriter } from "./csv.ts";
import { escapeUnsafe } from "./escape.ts";
import { jsonLinesWriter, jsonWriter } from "./json.ts";
import { drawMarkdown, escapeMarkdown } from "./markdown.ts";
import type { Sheet, SheetColumn, SheetRow } from "./sheet.ts";
import { drawTable } from "./table.ts";
import type { TableOptions } from "./table-parts.ts";
import { wrapText } from "./text-width.ts";
import type { SheetWriter } from "./writer.ts";

/** A way to write rows as text. */
export type FormatName = "table" | "json" | "jsonl" | "csv" | "markdown";

/** What the formats have to know beside columns and rows. */
export interface FormatOptions extends TableOptions {
  /** True to write CSV text as it is, formulas and control characters included. */
  readonly csvRaw: boolean;
  /** Stands above a table for people. */
  readonly heading?: string;
}

type Format = (columns: readonly SheetColumn[], options: FormatOptions) => SheetWriter;

/** Every format by its name. */
export const formats = {
  table: (columns, options) =>
    whole(columns, (sheet, notes) => {
      const { text, leftOut } = drawTable(sheet, options);
      const all = leftOut.length === 0 ? notes : [...notes, leftOutNote(leftOut)];
      const quiet = all
        .flatMap((note) => wrapText(escapeUnsafe(note), options.width))
        .map((line) => `${options.paint.quiet(line)}\n`)
        .join("");
      const heading = options.heading === undefined ? "" : `${escapeUnsafe(options.heading)}\n\n`;
      return heading + text + (quiet === "" ? "" : `\n${quiet}`);
    }),
  json: (columns) => jsonWriter(columns),
  jsonl: (columns) => jsonLinesWriter(columns),
  csv: (columns, options) => csvWriter(columns, options),
  markdown: (columns, options) =>
    whole(columns, (sheet, notes) => {
      const quiet = notes.map((note) => `\n${escapeMarkdown(note)}\n`).join("");
      const heading =
        options.heading === undefined ? "" : `**${escapeMarkdown(options.heading)}**\n\n`;
      return heading + drawMarkdown(sheet, options.timeZone) + quiet;
    }),
} satisfies Record<FormatName, Format>;

/** The formats' names, in the order of the help. */
export const formatNames = Object.keys(formats) as readonly FormatName[];

/** A whole sheet as text. */
export function formatSheet(
  name: FormatName,
  sheet: Sheet,
  options: FormatOptions,
  notes: readonly string[] = [],
): string {
  const writer = formats[name](sheet.columns, options);
  return writer.rows(sheet.rows) + writer.end(notes);
}

/** A writer for formats that need all rows before the first line. */
function whole(
  columns: readonly SheetColumn[],
  draw: (sheet: Sheet, notes: readonly string[]) => string,
): SheetWriter {
  const kept: SheetRow[] = [];
  return {
    rows: (rows) => {
      for (const row of rows) kept.push(row);
      return "";
    },
    end: (notes) => draw({ columns, rows: kept }, notes),
  };
}

function leftOutNote(headings: readonly string[]): string {
  return `not shown at this width: ${headings.join(", ")}`;
}
