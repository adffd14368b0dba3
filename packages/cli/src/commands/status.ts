import { resolve } from "node:path";
import { openStore, type StoreStatus, storeStatus } from "@cctelemetry/core";
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
import type { Clock, DefaultPlaces, Outputs } from "../process/context.ts";
import { conditionText, factColumns, factRows, oddTimesText } from "../status/facts.ts";
import { fileColumns, fileNotes, fileRows } from "../status/files.ts";
import { storeOptions } from "../store/open-options.ts";

const EXAMPLES = `
A table shows totals and files; the other formats give one row per file. Each
file is compared with the database: up to date, behind (and by how many bytes),
another file (rotated away or rewritten), gone, unreadable, a directory …

Examples:
  cctelemetry status
  cctelemetry status --json
  cctelemetry report coverage      where events and metrics differ, and why
`;

interface StatusOptions extends CommonOptions, DatabaseOptions, RowsOptions {}

/** Options and action of `cctelemetry status`. */
export function define(command: Command, context: RowsContext & DefaultPlaces & Clock): void {
  withDatabase(withRows(command)).addHelpText("after", EXAMPLES);
  command.action(async (options: StatusOptions) => {
    const output = await openOutput(options, context);
    try {
      const status = await readStatus(resolve(databasePath(options, context)), context);
      const format = formatOf(options);
      const people = format === "table" || format === "markdown";
      if (people) {
        output.begin(factColumns);
        await output.rows(factRows(status, options.tz, context.now()));
        await output.part();
      }
      output.begin(fileColumns(people));
      await output.rows(fileRows(status.files, people));
      await output.end(people ? fileNotes(status.files, status.notRead) : []);
      if (!people) {
        await context.stderr.write(conditionNote(status) + timesNote(status) + notReadNote(status));
      }
    } finally {
      output.abandon();
    }
  });
}

async function readStatus(
  path: string,
  context: Outputs & DefaultPlaces & Clock,
): Promise<StoreStatus> {
  const store = await openStore(path, await storeOptions(context));
  try {
    return await storeStatus(store, BigInt(Math.round(context.now())) * 1000n);
  } finally {
    await store.close();
  }
}

/** What a table shows below the files: why lines were not read. */
function notReadNote({ notRead }: StoreStatus): string {
  return notReadNotes(notRead, false)
    .map((note) => `note: ${note}\n`)
    .join("");
}

/** What a table shows above the files, where times cannot be right. */
function timesNote(status: StoreStatus): string {
  const text = oddTimesText(status);
  return text === null ? "" : `note: times that cannot be right: ${text}\n`;
}

/** What a table shows above the files, where it is not as it should be. */
function conditionNote({ database }: StoreStatus): string {
  return database.condition === "ok" ? "" : `note: ${conditionText(database)}\n`;
}
