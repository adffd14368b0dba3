import { openParquetTable } from "@cctelemetry/core";
import type { RowOutput } from "./output.ts";
import type { OutputFile } from "./output-file.ts";

/** Rows into a Parquet file; they are gathered first, for the file is written in one go. */
export function openParquet(file: OutputFile): RowOutput {
  let table: ReturnType<typeof openParquetTable> | undefined;
  return {
    begin: (columns) => {
      table = openParquetTable(columns);
    },
    rows: async (rows) => (await table)?.append(rows),
    part: () => Promise.resolve(),
    end: async () => {
      const opened = await table;
      if (opened === undefined) return;
      await opened.writeTo(file.temporaryPath);
      opened.close();
      await file.keep();
    },
    abandon: file.abandon,
  };
}
