import { type ImportSummary, importPaths, KnownError, openStore } from "@cctelemetry/core";
import { escapeUnsafe, type SheetColumn, type SheetRow } from "@cctelemetry/core/light";
import type { Command } from "commander";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  formatOf,
  type RowsOptions,
  withDatabase,
  withRows,
} from "../options.ts";
import { notReadNotes } from "../output/not-read.ts";
import { openOutput, type RowsContext } from "../output/open.ts";
import { showProgress } from "../output/progress.ts";
import type { Clock, DefaultPlaces, Environment, Outputs } from "../process/context.ts";
import { storeOptions } from "../store/open-options.ts";
import { usualFiles } from "../store/usual-paths.ts";

/** Of what was left out, at most this many are listed. */
const MOST_SKIPPED = 10;

const EXAMPLES = `
What was read is not read again, and a record that is known is not stored twice:
run it as often as you like, also on a file that still grows. Without paths it
reads what the database was filled from, and otlp/*.jsonl in your data folder:
what is new in folders and patterns, too, and of a file with a date in its name
the files of other days.

Examples:
  cctelemetry import                              what collect has written
  cctelemetry import ~/otel/claude-code.jsonl
  cctelemetry import ~/otel                       a folder, rotated files included
  cctelemetry import "logs/*.jsonl.gz" old.zst    globs, gzip, zstd
  zcat huge.jsonl.gz | cctelemetry import -
  cctelemetry import broken.jsonl --dry-run --strict
`;

interface ImportCommandOptions extends CommonOptions, DatabaseOptions, RowsOptions {
  readonly strict?: boolean;
  readonly dryRun?: boolean;
}

/** Arguments, options and action of `cctelemetry import`. */
export function define(command: Command, context: RowsContext & DefaultPlaces & Clock): void {
  command
    .argument("[path...]", "files, folders, globs, or - for standard input")
    .option("--strict", "fail when a line was rejected")
    .option("--dry-run", "read and decode everything, store nothing");
  withDatabase(withRows(command)).addHelpText("after", EXAMPLES);
  command.action(async (paths: readonly string[], options: ImportCommandOptions) => {
    const output = await openOutput(options, context);
    try {
      const summary = await importInto(paths, options, context);
      const format = formatOf(options);
      const people = format === "table" || format === "markdown";
      output.begin(people ? columns : [...columns, reasons]);
      await output.rows([totalsRow(summary, people)]);
      await output.end(options.dryRun === true ? ["a dry run: nothing was stored"] : []);
      await context.stderr.write(notesOn(summary, options));
      if (paths.length > 0) failIfUnread(summary, paths.length);
      failIfNothing(summary, paths);
      failIfStrict(summary, options);
    } finally {
      output.abandon();
    }
  });
}

async function importInto(
  paths: readonly string[],
  options: ImportCommandOptions,
  context: Outputs & Environment & DefaultPlaces & Clock,
): Promise<ImportSummary> {
  const store = await openStore(databasePath(options, context), {
    ...(await storeOptions(context)),
    writes: "bulk",
    damagedLog: "put aside",
  });
  const progress = showProgress(context);
  try {
    const named = paths.length > 0 ? paths : await usualFiles(store, context.places);
    return await importPaths(store, named, {
      dryRun: options.dryRun === true,
      onProgress: progress.update,
    });
  } finally {
    progress.end();
    await store.close();
  }
}

const columns: readonly SheetColumn[] = [
  { name: "files", type: "BIGINT" },
  { name: "bytes", label: "read", type: "BIGINT", unit: "bytes" },
  { name: "lines", type: "BIGINT" },
  { name: "log_records", label: "log records", type: "BIGINT" },
  { name: "metric_points", label: "metric points", type: "BIGINT" },
  { name: "spans", type: "BIGINT" },
  { name: "duplicates", type: "BIGINT" },
  { name: "rejected_lines", label: "rejected", type: "BIGINT" },
];

/** For programs: why lines were not read. People find that below the table. */
const reasons: SheetColumn = { name: "not_read", type: "JSON" };

function totalsRow({ totals, notRead }: ImportSummary, people: boolean): SheetRow {
  const reasonCell = people ? [] : [JSON.stringify(notRead)];
  return [
    totals.files,
    totals.bytes,
    totals.lines,
    totals.logRecords,
    totals.points,
    totals.spans,
    totals.duplicates,
    totals.rejectedLines,
    ...reasonCell,
  ];
}

function notesOn({ skipped, notRead }: ImportSummary, { dryRun }: ImportCommandOptions): string {
  const listed = skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => `${path}: ${reason}`);
  const more = skipped.length - listed.length;
  const notes = listed.map((line) => `note: skipped ${escapeUnsafe(line)}\n`);
  if (more > 0) notes.push(`note: skipped ${more} more\n`);
  notes.push(...notReadNotes(notRead, dryRun === true).map((note) => `note: ${note}\n`));
  return notes.join("");
}

function rejectedText(count: number): string {
  return `${count === 1 ? "1 line was" : `${count} lines were`} rejected`;
}

/** A path that was named and not read is a failure, though everything else is stored. */
function failIfUnread({ failures, files }: ImportSummary, named: number): void {
  const [first] = failures;
  if (first === undefined) return;
  const reasons = failures.slice(0, MOST_SKIPPED).map(({ error }) => error.message);
  const more = failures.length - reasons.length;
  if (more > 0) reasons.push(`… and ${more} more.`);
  const of = named > failures.length ? ` of ${named}` : "";
  const paths = failures.length === 1 && of === "" ? "path" : "paths";
  throw new KnownError(
    first.error.code,
    `${failures.length}${of} ${paths} could not be read: ${reasons.join(" ")} ${counted(files.length)} read.`,
    first.error.hint === undefined ? {} : { hint: first.error.hint },
  );
}

function counted(files: number): string {
  return files === 1 ? "1 file was" : `${files} files were`;
}

/**
 * Where files were named for the first time and nothing at all in them is telemetry, they are not
 * the ones that were meant. The beginning of a line may yet become one.
 */
function failIfNothing(
  { files, failures, totals, notRead }: ImportSummary,
  paths: readonly string[],
): void {
  const { logRecords, points, spans, duplicates } = totals;
  const known = files.some(({ from }) => from > 0) || failures.length > 0;
  const [first] = notRead.filter(({ reason }) => reason !== "unterminated");
  const found = logRecords + points + spans + duplicates;
  if (paths.length === 0 || known || found > 0 || first === undefined) return;
  const where = files.length === 1 ? (files[0]?.path ?? "") : `${files.length} files`;
  throw new KnownError(
    "no-telemetry",
    `Nothing in ${where === "-" ? "standard input" : where} is telemetry that can be read.`,
    { hint: "Name the file that the Collector's file exporter or cctelemetry collect writes." },
  );
}

function failIfStrict({ totals }: ImportSummary, { strict, dryRun }: ImportCommandOptions): void {
  if (strict !== true || totals.rejectedLines === 0) return;
  const kept = dryRun === true ? "" : "; the rest is stored";
  throw new KnownError("strict", `${rejectedText(totals.rejectedLines)}${kept}.`, {
    hint: "Repair the file, or leave out --strict to import what can be read.",
  });
}
