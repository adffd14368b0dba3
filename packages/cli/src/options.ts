import { extname } from "node:path";
import { type FormatName, formatNames, KnownError, zoneNamed } from "@cctelemetry/core/light";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { DefaultPlaces } from "./process/context.ts";

/** How rows may be written; Parquet only to a file. */
export type OutputFormat = FormatName | "parquet";

const outputFormats: readonly OutputFormat[] = [...formatNames, "parquet"];

/** What every command knows. */
export interface CommonOptions {
  readonly debug?: boolean;
  /** False if the user wants none. */
  readonly color: boolean;
}

/** What every command knows that opens the database. */
export interface DatabaseOptions {
  readonly db?: string;
}

/** What every command knows that prints rows. */
export interface RowsOptions {
  readonly format?: OutputFormat;
  readonly json?: boolean;
  readonly output?: string;
  readonly csvRaw?: boolean;
  readonly tz?: string;
}

/** Adds what every command knows. */
export function withCommon(command: Command): Command {
  return command
    .addOption(new Option("--no-color", "never use colours (as NO_COLOR does)"))
    .addOption(new Option("--debug", "show the stack of an error"));
}

/** Adds the choice of the database. */
export function withDatabase(command: Command): Command {
  return command.addOption(
    new Option(
      "--db <file>",
      "the database (default: CCTELEMETRY_DB, or telemetry.duckdb in your data folder)",
    ),
  );
}

/** Adds the choice of how rows are written. */
export function withRows(command: Command): Command {
  return command
    .addOption(new Option("--format <format>", "how rows are written").choices(outputFormats))
    .addOption(new Option("--json", "short for --format json"))
    .addOption(
      new Option(
        "-o, --output <file>",
        "write to a file, device or pipe; its extension names the format (.csv, .json, .jsonl, .md, .parquet, .txt) unless --format does",
      ),
    )
    .addOption(
      new Option("--csv-raw", "CSV text as it is, formulas and control characters included"),
    )
    .addOption(
      new Option("--tz <zone>", "time zone, e.g. Europe/Berlin (default: the system's)").argParser(
        timeZone,
      ),
    );
}

/** The database the user means. */
export function databasePath(options: DatabaseOptions, context: DefaultPlaces): string {
  return options.db ?? context.places.database;
}

/** A whole number that is not negative, for an option's value. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It is not a whole number.");
  return Number(text);
}

/** A number of seconds that is not negative, for an option's value. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d/.test(text) || !Number.isFinite(value)) {
    throw new InvalidArgumentError("It is not a number of seconds.");
  }
  return value;
}

/** Checks what does not go together; gives the format. */
export function formatOf(options: RowsOptions): OutputFormat {
  const asked = options.json === true ? "json" : options.format;
  if (options.json === true && options.format !== undefined && options.format !== "json") {
    throw new KnownError("bad-argument", `--json cannot be used with --format ${options.format}.`, {
      hint: "Leave out one of them.",
    });
  }
  const format = asked ?? formatByExtension(options.output) ?? "table";
  if (format === "parquet" && options.output === undefined) {
    throw new KnownError("bad-argument", "Parquet is written to a file only.", {
      hint: "Name it with --output file.parquet.",
    });
  }
  return format;
}

const extensions: Readonly<Record<string, OutputFormat>> = {
  csv: "csv",
  json: "json",
  jsonl: "jsonl",
  markdown: "markdown",
  md: "markdown",
  ndjson: "jsonl",
  parquet: "parquet",
  txt: "table",
};

/** Undefined for a name without an extension, as devices and pipes have. */
function formatByExtension(path: string | undefined): OutputFormat | undefined {
  const extension = path === undefined ? "" : extname(path);
  if (extension === "" || extension === ".") return undefined;
  const format = extensions[extension.slice(1).toLowerCase()];
  if (format !== undefined) return format;
  const known = Object.keys(extensions).map((each) => `.${each}`);
  throw new KnownError("bad-argument", `The extension ${extension} names no format.`, {
    hint: `Use ${known.join(", ")}, or choose the format with --format.`,
  });
}

/** A time zone of the IANA database, for an option's value. */
export function timeZone(name: string): string {
  const zone = zoneNamed(name);
  if (zone !== undefined) return zone;
  throw new InvalidArgumentError(
    "It is not a time zone of the IANA database, such as Europe/Berlin.",
  );
}
