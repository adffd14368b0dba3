import { columnCells } from "./cells.ts";
import { escapeUnsafe } from "./escape.ts";
import { isNumericType, type Sheet, shownPositions } from "./sheet.ts";

/** What means something in Markdown, HTML or a table's row, and what would become a link by itself. */
const SYNTAX = /[\\`*_[\]<>|~&$#]|:(?=\/\/)|(?<=www)\./gi;
/** Dates and times, which no reader of Markdown takes for more. */
const DIGITS_ONLY = /^[\d :-]+$/;
const ENTITIES: Readonly<Record<string, string>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

/**
 * A table in GitHub's Markdown with the numbers of the terminal table. All
 * other text is plain text: links, HTML, images and pipes are escaped.
 */
export function drawMarkdown(whole: Sheet, timeZone: string | undefined): string {
  const sheet = shownPart(whole);
  const cells = sheet.columns.map((column, index) =>
    columnCells(
      column,
      sheet.rows.map((row) => row[index] ?? null),
      timeZone,
    ),
  );
  const heads = sheet.columns.map((column) => escapeMarkdown(column.label ?? column.name));
  const rules = sheet.columns.map((column) => (isNumericType(column.type) ? "---:" : "---"));
  const rows = sheet.rows.map((_, row) =>
    cells.map((column, index) => {
      const text = column[row]?.text ?? "";
      const isOurs = isNumericType(sheet.columns[index]?.type ?? "") || DIGITS_ONLY.test(text);
      return isOurs ? text : escapeMarkdown(text);
    }),
  );
  return [heads, rules, ...rows].map((line) => `| ${line.join(" | ")} |\n`).join("");
}

function shownPart(sheet: Sheet): Sheet {
  const positions = shownPositions(sheet);
  const part = <Item>(items: readonly Item[]) => items.filter((_, at) => positions.includes(at));
  return { columns: part(sheet.columns), rows: sheet.rows.map(part) };
}

/** Text of any origin as plain text in Markdown. */
export function escapeMarkdown(text: string): string {
  return escapeUnsafe(text).replace(SYNTAX, (mark) => ENTITIES[mark] ?? `\\${mark}`);
}
