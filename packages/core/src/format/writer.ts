import type { SheetRow } from "./sheet.ts";

/** Turns rows into text, batch by batch. */
export interface SheetWriter {
  /** The text for these rows; may be empty where the format needs all rows first. */
  rows(rows: readonly SheetRow[]): string;
  /** What is left to write; `notes` are the quiet lines below a table for people. */
  end(notes: readonly string[]): string;
}
