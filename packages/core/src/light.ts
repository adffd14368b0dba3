/**
 * What needs no engine: errors, places, formats, and queries in a process of
 * their own. A program that only asks a query starts faster with this part.
 */
export { codeOf, KnownError, type KnownErrorCode, knownErrorCodes, messageOf } from "./errors.ts";
export { escapeUnsafe, escapeUnsafeLines } from "./format/escape.ts";
export {
  type FormatName,
  type FormatOptions,
  formatNames,
  formatSheet,
  formats,
} from "./format/formats.ts";
export {
  compactBytes,
  compactCount,
  compactDuration,
  compactRatio,
  compactUsd,
  costText,
  counted,
  hourlyText,
  MISSING,
  usdDecimals,
} from "./format/numbers.ts";
export type { Sheet, SheetColumn, SheetRow } from "./format/sheet.ts";
export { shownUrl, withShownUrls } from "./format/shown-url.ts";
export { stageText } from "./format/stage-text.ts";
export { type Paint, plainPaint, type TableOptions } from "./format/table-parts.ts";
export { ellipsize, textWidth } from "./format/text-width.ts";
export { isoUtc, microsOf, zonedClock } from "./format/time.ts";
export type { SheetWriter } from "./format/writer.ts";
export { isAlive } from "./is-alive.ts";
export { exactUsd, usdOf } from "./live/money.ts";
export { beginsRequest } from "./otlp/request-start.ts";
export {
  capturedFiles,
  defaultPlaces,
  expandHome,
  namesOthersHome,
  type Places,
  type PlacesInput,
  receivedFile,
} from "./paths.ts";
export { type MetricNameStyle, metricNameStyles } from "./prometheus/names.ts";
export { zoneNamed } from "./reports/time.ts";
export { readSettings, type Settings } from "./settings.ts";
export { type CollectorInput, collectorConfig, composeFile } from "./setup/collector-files.ts";
export {
  defaultEndpoint,
  holdsToken,
  overridingVariables,
  type Protocol,
  protocols,
  shownValue,
  type TelemetryChoices,
  telemetryVariables,
  type Variable,
} from "./setup/variables.ts";
export { databaseAt, firstBytes } from "./store/file-head.ts";
export { type QueryEvent, runQuery, startQueryChild } from "./store/sandbox-process.ts";
export type { SandboxColumn, SandboxRequest } from "./store/sandbox-wire.ts";
export type { Instant, Parameter, ResultTable, Session, Value } from "./store/session.ts";
export { LONGEST_IDENTITY } from "./wire/limits.ts";
export { portable } from "./wire/portable.ts";
export type {
  WireEvent,
  WireFile,
  WirePart,
  WireSession,
  WireState,
  WireStore,
  WireToday,
} from "./wire/schema.ts";
export { backlogRead, isRunning, rateText, spentText, usdSpent } from "./wire/texts.ts";
