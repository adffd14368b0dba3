import { type ImportSummary, importPaths, KnownError, openStore } from "@cctelemetry/core";
import { escapeUnsafe, type SheetColumn, type SheetRow } from "@cctelemetry/core/light";
import type { Command } from "commander";
import { noticesTo } from "../notices.ts";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  type RowsOptions,
  withDatabase,
  withRows,
} from "../options.ts";
import { openOutput } from "../output.ts";
import { showProgress } from "../progress.ts";
import { usualFiles } from "../usual-paths.ts";
import type { World } from "../world.ts";

/** Of what was left out, only so much is told line by line. */
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
export function define(command: Command, world: World): void {
  command
    .argument("[path...]", "files, folders, globs, or - for standard input")
    .option("--strict", "fail when a line was rejected")
    .option("--dry-run", "read and decode everything, store nothing");
  withDatabase(withRows(command)).addHelpText("after", EXAMPLES);
  command.action(async (paths: readonly string[], options: ImportCommandOptions) => {
    const output = await openOutput(options, world);
    try {
      const summary = await importInto(paths, options, world);
      output.begin(columns);
      await output.rows([totalsRow(summary)]);
      await output.end(options.dryRun === true ? ["a dry run: nothing was stored"] : []);
      await world.stderr.write(notesOn(summary, options));
      if (paths.length > 0) failIfUnread(summary, paths.length);
      failIfStrict(summary, options);
    } finally {
      output.abandon();
    }
  });
}

async function importInto(
  paths: readonly string[],
  options: ImportCommandOptions,
  world: World,
): Promise<ImportSummary> {
  const store = await openStore(databasePath(options, world), {
    ...noticesTo(world),
    damagedLog: "put aside",
  });
  const progress = showProgress(options, world);
  try {
    const named = paths.length > 0 ? paths : await usualFiles(store, world);
    return await importPaths(store, named, {
      dryRun: options.dryRun === true,
      onProgress: progress.update,
    });
  } finally {
    progress.end();
    store.close();
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

function totalsRow({ totals }: ImportSummary): SheetRow {
  return [
    totals.files,
    totals.bytes,
    totals.lines,
    totals.logRecords,
    totals.points,
    totals.spans,
    totals.duplicates,
    totals.rejectedLines,
  ];
}

function notesOn({ skipped, totals }: ImportSummary, { dryRun }: ImportCommandOptions): string {
  const told = skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => `${path}: ${reason}`);
  const where = dryRun === true ? "" : '; cctelemetry query "FROM rejected_lines" shows why';
  const more = skipped.length - told.length;
  const notes = told.map((line) => `note: skipped ${escapeUnsafe(line)}\n`);
  if (more > 0) notes.push(`note: skipped ${more} more\n`);
  if (totals.rejectedLines > 0) notes.push(`note: ${rejectedText(totals.rejectedLines)}${where}\n`);
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

function failIfStrict({ totals }: ImportSummary, { strict, dryRun }: ImportCommandOptions): void {
  if (strict !== true || totals.rejectedLines === 0) return;
  const kept = dryRun === true ? "" : "; the rest is stored";
  throw new KnownError("strict", `${rejectedText(totals.rejectedLines)}${kept}.`, {
    hint: "Mend the file, or leave out --strict to take what can be read.",
  });
}
