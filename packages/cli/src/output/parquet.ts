import { openParquetTable } from "@cctelemetry/core";
import type { SheetColumn } from "@cctelemetry/core/light";
import type { OutputFile } from "./file.ts";
import type { RowOutput } from "./row-output.ts";

/** Rows into a Parquet file; they are gathered first, for the file is written in one go. */
export function openParquet(file: OutputFile): RowOutput {
  let columns: readonly SheetColumn[] = [];
  let table: Awaited<ReturnType<typeof openParquetTable>> | undefined;
  const opened = async () => {
    table ??= await openParquetTable(columns);
    return table;
  };
  const close = async () => {
    const closing = table;
    table = undefined;
    await closing?.close();
  };
  return {
    begin: (begun) => {
      columns = begun;
    },
    rows: async (rows) => (await opened()).append(rows),
    part: () => Promise.resolve(),
    end: async () => {
      const { writeTo } = await opened();
      await file.writeFile(writeTo);
      await close();
      await file.keep();
    },
    abandon: () => {
      void close();
      file.abandon();
    },
  };
}
