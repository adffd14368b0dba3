import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  KnownError,
  readSettings,
  runQuery,
  type SandboxRequest,
  type SheetRow,
} from "@cctelemetry/core/light";
import { type Command, InvalidArgumentError } from "commander";
import {
  type CommonOptions,
  type DatabaseOptions,
  databasePath,
  type RowsOptions,
  seconds,
  wholeNumber,
  withDatabase,
  withRows,
} from "../options.ts";
import { openOutput, type RowsContext } from "../output/open.ts";
import type { RowOutput } from "../output/row-output.ts";
import type { DefaultPlaces, Input, Outputs, Processes } from "../process/context.ts";
import { storeOptions } from "../store/open-options.ts";

const DEFAULT_ROWS = 10_000;
const DEFAULT_SECONDS = 30;
const LOCK_WAIT_MS = 30_000;
/** A result that is limited in rows is limited in size as well. */
const MOST_BYTES = 256 * 1024 * 1024;

const EXAMPLES = `
One reading statement: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or
EXPLAIN. It runs in a process of its own, which can neither write nor reach
files or the network. \`cctelemetry schema\` lists what can be asked.

Examples:
  cctelemetry query "FROM api_requests ORDER BY time DESC LIMIT 5"
  cctelemetry query "SELECT model, sum(cost_usd) AS usd FROM api_requests GROUP BY ALL"
  cctelemetry query "FROM sessions WHERE session_id = $id" --param id=0193a7b2
  cctelemetry query --file monthly.sql --output monthly.parquet
  echo "SUMMARIZE api_requests" | cctelemetry query --json
`;

interface QueryOptions extends CommonOptions, DatabaseOptions, RowsOptions {
  readonly file?: string;
  readonly param?: Readonly<Record<string, string>>;
  readonly maxRows: number;
  readonly timeout: number;
}

/** Arguments, options and action of `cctelemetry query`. */
export function define(
  command: Command,
  context: RowsContext & Input & DefaultPlaces & Processes,
): void {
  command
    .argument("[sql]", "the statement; - or nothing reads it from standard input")
    .option("-f, --file <file>", "read the statement from a file")
    .option("-p, --param <name=value>", "value of $name in the statement; repeatable", addParameter)
    .option("--max-rows <count>", "the most rows to print; 0 for all", wholeNumber, DEFAULT_ROWS)
    .option(
      "--timeout <seconds>",
      "how long the statement may run; 0 for ever",
      seconds,
      DEFAULT_SECONDS,
    );
  withDatabase(withRows(command)).addHelpText("after", EXAMPLES);
  command.action(async (sql: string | undefined, options: QueryOptions) => {
    const request = await requestFor(sql, options, context);
    const output = await openOutput(options, context);
    try {
      await printRows(request, output, context);
    } finally {
      output.abandon();
    }
  });
}

async function requestFor(
  sql: string | undefined,
  options: QueryOptions,
  context: Input & DefaultPlaces,
): Promise<SandboxRequest> {
  return {
    path: resolve(databasePath(options, context)),
    sql: await statement(sql, options, context),
    parameters: options.param ?? {},
    maxRows: options.maxRows,
    maxBytes: options.maxRows === 0 ? 0 : MOST_BYTES,
    timeoutMs: options.timeout * 1000,
    waitMs: LOCK_WAIT_MS,
    timeZone: options.tz,
    ...(await readSettings(context.places.configFolder)),
  };
}

async function statement(
  sql: string | undefined,
  { file }: QueryOptions,
  context: Input,
): Promise<string> {
  if (sql !== undefined && file !== undefined) {
    throw new KnownError("bad-argument", "The statement is given twice, as text and by --file.", {
      hint: "Leave out one of them.",
    });
  }
  if (file !== undefined) {
    return await readFile(file, "utf8").catch((error: unknown) => {
      throw new KnownError("path-unreadable", `The file ${file} cannot be read.`, {
        hint: "Check the path given to --file.",
        cause: error,
      });
    });
  }
  if (sql === undefined && context.inputIsTerminal) {
    throw new KnownError("bad-argument", "There is no statement to run.", {
      hint: 'Write one, e.g. cctelemetry query "FROM api_requests LIMIT 5".',
    });
  }
  return sql === undefined || sql === "-" ? await context.readInput() : sql;
}

/** Runs the statement and writes its rows. */
async function printRows(
  request: SandboxRequest,
  output: RowOutput,
  context: Outputs & DefaultPlaces & Processes,
): Promise<void> {
  const events = runQuery(request, {
    start: context.queryChild,
    renewViews: () => renew(request.path, context),
  });
  // A limited result is read to its end before it is written: whoever reads our
  // output slowly shall not keep the database from being written to.
  const held: (readonly SheetRow[])[] = [];
  let count = 0;
  for await (const event of events) {
    if (event.kind === "columns") output.begin(event.columns);
    if (event.kind === "rows") {
      count += event.rows.length;
      if (request.maxRows === 0) await output.rows(event.rows);
      else held.push(event.rows);
    }
    if (event.kind === "done") {
      for (const rows of held) await output.rows(rows);
      await output.end([rowCount(count)]);
      await context.stderr.write(cutNote(event.cut, count));
    }
  }
}

function rowCount(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}

function cutNote(cut: "rows" | "bytes" | undefined, count: number): string {
  if (cut === undefined) return "";
  const limit = cut === "rows" ? "" : ", for the result is large";
  return `note: only the first ${rowCount(count)} are shown${limit}; --max-rows 0 shows all\n`;
}

/** Creates the views of the database again, in this version. */
async function renew(path: string, context: Outputs & DefaultPlaces): Promise<void> {
  const { openStore, renewViews } = await import("@cctelemetry/core");
  const store = await openStore(path, await storeOptions(context));
  try {
    await renewViews(store);
  } finally {
    await store.close();
  }
}

function addParameter(
  text: string,
  others: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const match = /^\$?([A-Za-z_]\w*)=([\s\S]*)$/.exec(text);
  if (match?.[1] === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...others, [match[1]]: match[2] ?? "" };
}
