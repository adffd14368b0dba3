export { Follower, type FollowOptions } from "./ingest/follow.ts";
export {
  type FileSummary,
  type ImportOptions,
  type ImportProgress,
  type ImportSummary,
  importPaths,
} from "./ingest/import.ts";
export type { IngestListener } from "./ingest/ingest-listener.ts";
export { rememberPlaces } from "./ingest/places.ts";
export * from "./light.ts";
export { type RefreshOptions, refreshMeter } from "./meter/refresh.ts";
export { canonicalModel } from "./model/canonical-model.ts";
export type { NotRead } from "./model/not-read.ts";
export { type OpenStoreOptions, openStore, renewViews } from "./open-store.ts";
export { openParquetTable, type ParquetTable } from "./parquet.ts";
export { METRICS_TYPE, metricsText } from "./prometheus/exposition.ts";
export type { Family } from "./prometheus/family.ts";
export { type MetricsOptions, MetricsReader } from "./prometheus/read-metrics.ts";
export type { GivenParameters, Surroundings } from "./reports/arguments.ts";
export { sessionMeant, sessionsBeginning } from "./reports/find-session.ts";
export { type ParameterText, reportParameters } from "./reports/parameters.ts";
export { reports } from "./reports/registry.ts";
export type { Report, ReportColumn, ReportName, ReportParameter } from "./reports/report.ts";
export {
  type ReportFooter,
  type ReportResult,
  type ResultColumn,
  runReport,
} from "./reports/run.ts";
export {
  type DescribedColumn,
  type DescribedRelation,
  describeRelations,
} from "./semantics/describe.ts";
export { defectsOf, type KnownDefect } from "./semantics/known-defects.ts";
export type { ColumnText, Relation } from "./semantics/relation.ts";
export { relations } from "./semantics/schema.ts";
export {
  type SeenCause,
  type SeenVersion,
  type StoreHealth,
  storeHealth,
} from "./semantics/status/health.ts";
export { knownPaths } from "./semantics/status/known-paths.ts";
export { type StoreStatus, storeStatus } from "./semantics/status/status.ts";
export { Store, type StoreOptions } from "./store/store.ts";
export { type TelemetryWatch, type WatchOptions, watchTelemetry } from "./watch-telemetry.ts";
