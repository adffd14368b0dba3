import { parseArgs } from "node:util";

/** Options of a status line on its command line. */
export interface StatuslineOptions {
  /** Files, folders and globs; empty for the usual ones. */
  readonly paths: readonly string[];
  readonly db: string | undefined;
  readonly template: string | undefined;
  /** Columns; undefined for those of the terminal. */
  readonly width: number | undefined;
  readonly json: boolean;
  readonly fresh: boolean;
  readonly color: boolean;
}

/** The options of a status line that is to be drawn; the command knows a few more. */
export const drawingOptions = {
  db: { type: "string" },
  template: { type: "string" },
  width: { type: "string" },
  json: { type: "boolean" },
  fresh: { type: "boolean" },
  "no-color": { type: "boolean" },
} as const;

/**
 * Reads a command line without the library that knows all commands, since loading that takes
 * longer than the rest. Undefined where it asks for anything else, or is wrong.
 */
export function readDrawing(args: readonly string[]): StatuslineOptions | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: drawingOptions,
      allowPositionals: true,
    });
    const { width } = values;
    if (width !== undefined && !/^[1-9]\d{0,3}$/.test(width)) return undefined;
    return {
      paths: positionals,
      db: values.db,
      template: values.template,
      width: width === undefined ? undefined : Number(width),
      json: values.json ?? false,
      fresh: values.fresh ?? false,
      color: values["no-color"] !== true,
    };
  } catch {
    return undefined;
  }
}
