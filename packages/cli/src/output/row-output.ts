import type { SheetColumn, SheetRow } from "@cctelemetry/core/light";

/** Where rows go. */
export interface RowOutput {
  readonly begin: (columns: readonly SheetColumn[]) => void;
  readonly rows: (rows: readonly SheetRow[]) => Promise<void>;
  /** Ends one table where another follows; for formats that are for people. */
  readonly part: () => Promise<void>;
  /** Writes the rest; `notes` are the quiet lines below a table for people. */
  readonly end: (notes: readonly string[]) => Promise<void>;
  /** Leaves nothing behind; harmless after the end. */
  readonly abandon: () => void;
}
