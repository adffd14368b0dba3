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
  counted,
  MISSING,
  usdDecimals,
} from "./format/numbers.ts";
export { isNumericType, type SheetColumn, type SheetRow } from "./format/sheet.ts";
export { stageText } from "./format/stage-text.ts";
export { plainPaint } from "./format/table-parts.ts";
export { microsOf, zonedClock } from "./format/time.ts";
export type { Value } from "./store/session.ts";
export { backlogRead, isRunning, rateText, spentText, usdSpent } from "./wire/texts.ts";
