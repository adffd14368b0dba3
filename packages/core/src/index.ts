export {
  type FileSummary,
  type ImportOptions,
  type ImportProgress,
  type ImportSummary,
  importPaths,
} from "./ingest/import.ts";
export * from "./light.ts";
export { openStore } from "./open-store.ts";
export { openParquetTable, type ParquetTable } from "./parquet.ts";
export type { ColumnText, Relation } from "./semantics/relation.ts";
export { relations } from "./semantics/schema.ts";
export { Store, type StoreOptions } from "./store/store.ts";
