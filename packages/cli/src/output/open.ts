import { formats } from "@cctelemetry/core/light";
import { type CommonOptions, formatOf, type RowsOptions } from "../options.ts";
import type { Environment, TextOutput } from "../process/context.ts";
import { openOutputFile } from "./file.ts";
import { paintFor } from "./paint.ts";
import type { RowOutput } from "./row-output.ts";
import type { OutputContext } from "./sink.ts";

/** What rows are written with. */
export type RowsContext = OutputContext & Environment;

/** What the user asked for, and what stands above the rows. */
export interface OutputOptions extends RowsOptions, CommonOptions {
  readonly heading?: string;
  /** True if the notes show the days of the times in the rows. */
  readonly daysAreShown?: boolean;
}

/**
 * Opens the output the user asked for: standard output or a file, in a format.
 * What cannot be written is said before anything is computed.
 */
export async function openOutput(options: OutputOptions, context: RowsContext): Promise<RowOutput> {
  const format = formatOf(options);
  if (options.output === undefined) {
    // Parquet without a file was refused with the options.
    return textRows(format === "parquet" ? "table" : format, context.stdout, options, context);
  }
  const file = await openOutputFile(options.output, context);
  if (format === "parquet") {
    const { openParquet } = await import("./parquet.ts");
    return openParquet(file);
  }
  const output = { isTTY: false, columns: undefined, write: file.write };
  const rows = textRows(format, output, options, context);
  return {
    ...rows,
    end: async (notes) => {
      await rows.end(notes);
      await file.keep();
    },
    abandon: file.abandon,
  };
}

function textRows(
  format: keyof typeof formats,
  output: TextOutput,
  options: OutputOptions,
  context: RowsContext,
): RowOutput {
  const formatOptions = {
    width: widthOf(output, context),
    timeZone: options.tz,
    paint: paintFor(output, options, context.env),
    csvRaw: options.csvRaw === true,
    daysAreShown: options.daysAreShown === true,
    ...(options.heading === undefined ? {} : { heading: options.heading }),
  };
  let writer = formats[format]([], formatOptions);
  return {
    begin: (columns) => {
      writer = formats[format](columns, formatOptions);
    },
    rows: (rows) => output.write(writer.rows(rows)),
    part: () => output.write(`${writer.end([])}\n`),
    end: (notes) => output.write(writer.end(notes)),
    abandon: () => undefined,
  };
}

/** The terminal's columns; without a terminal what COLUMNS says, or no limit. */
function widthOf(output: TextOutput, context: RowsContext): number {
  if (output.columns !== undefined) return Math.max(20, output.columns);
  const columns = output === context.stdout ? Number(context.env["COLUMNS"]) : Number.NaN;
  return Number.isInteger(columns) && columns > 0
    ? Math.max(20, columns)
    : Number.POSITIVE_INFINITY;
}
