/** The formats alone, for places without Node: rows as tables, CSV, JSON and Markdown; short numbers. */
export { type Cell, columnCells } from "./format/cells.ts";
export { escapeUnsafe, escapeUnsafeLines } from "./format/escape.ts";
export { type FormatName, formatSheet } from "./format/formats.ts";
export {
  compactBytes,
  compactCount,
  compactDuration,
  compactRatio,
  compactUsd,
  costText,
  MISSING,
  usdDecimals,
} from "./format/numbers.ts";
export { isNumericType, type SheetColumn, type SheetRow } from "./format/sheet.ts";
export { plainPaint } from "./format/table-parts.ts";
export { zonedClock } from "./format/time.ts";
export { RUNNING_MS } from "./live/options.ts";
export type { Value } from "./store/session.ts";
