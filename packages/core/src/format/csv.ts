import type { Value } from "../store/session.ts";
import { escapeUnsafeLines } from "./escape.ts";
import { exactText } from "./exact.ts";
import { isNumericType, type SheetColumn } from "./sheet.ts";
import type { SheetWriter } from "./writer.ts";

/**
 * What a spreadsheet may take for a formula (OWASP, CSV Injection): an operator
 * or a control character in front, also behind white space, quotes or a byte
 * order mark, also in its full-width or small form.
 */
const FORMULA = /^[\s"'\uFEFF]*[=+\-@\t\r\n\0＝＋－＠﹢﹣﹦﹫−]/u;
const STARTS_WITH_CONTROL = /^[\t\r\n\0]/;
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;
const LINE_END = "\r\n";

/**
 * CSV after RFC 4180. Text that a spreadsheet would run as a formula gets a
 * leading apostrophe, control characters other than line feeds are shown as
 * escapes; `raw` writes all text as it is. Numbers are never touched. A missing
 * value is an empty field, an empty text is `""`.
 */
export function csvWriter(
  columns: readonly SheetColumn[],
  { csvRaw: raw }: { readonly csvRaw: boolean },
): SheetWriter {
  const head = columns.map((column) => textField(column.name, raw)).join(",") + LINE_END;
  let pending = head;
  return {
    rows: (rows) => {
      const text = rows.map(
        (row) =>
          columns.map((column, index) => field(row[index] ?? null, column.type, raw)).join(",") +
          LINE_END,
      );
      const written = pending + text.join("");
      pending = "";
      return written;
    },
    end: () => pending,
  };
}

function field(value: Value, type: string, raw: boolean): string {
  const text = exactText(value, type);
  if (text === undefined) return "";
  const isNumber = typeof value !== "string" ? typeof value !== "object" : isNumericType(type);
  return isNumber ? text : textField(text, raw);
}

function textField(text: string, raw: boolean): string {
  if (text === "") return '""';
  const safe = raw ? text : defuse(text);
  return NEEDS_QUOTES.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function defuse(text: string): string {
  const shown = escapeUnsafeLines(text);
  return FORMULA.test(text) || STARTS_WITH_CONTROL.test(text) || FORMULA.test(shown)
    ? `'${shown}`
    : shown;
}
