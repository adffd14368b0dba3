import {
  type DescribedRelation,
  type GivenParameters,
  type ReportResult,
  renewViews,
  reports,
  runReport,
  type Store,
} from "@cctelemetry/core";
import {
  type FormatOptions,
  formatSheet,
  KnownError,
  plainPaint,
  runQuery,
  type SandboxColumn,
  type SheetRow,
  startQueryChild,
} from "@cctelemetry/core/light";
import type { HostMessage, PageMessage } from "@cctelemetry/dashboard/protocol";
import { queryTable, reportTable } from "@cctelemetry/dashboard/wire";

/** How long a statement of the user's may run, milliseconds. */
const QUERY_MS = 30_000;
/** How long it waits for others that use the database, milliseconds. */
const LOCK_WAIT_MS = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;
/** Rows of a result that is shown as text. */
const MOST_TEXT_ROWS = 1000;
const TEXT_WIDTH = 200;

/** A request of the page that the database answers. */
export type PageRequest = Extract<PageMessage, { kind: "report" | "query" | "schema" }>;

/** What answers are made of. */
export interface Sources {
  readonly store: Store;
  readonly timeZone: string | undefined;
  /** The script of the process in which a statement of the user's runs. */
  readonly queryScript: string;
  /** The public tables and views; asked of an engine of its own the first time. */
  readonly relations: () => Promise<readonly DescribedRelation[]>;
}

/** The rows of a statement. */
interface Rows {
  readonly columns: readonly SandboxColumn[];
  readonly rows: readonly SheetRow[];
  readonly cut: boolean;
}

/** The answer to a request of the page; throws a KnownError if there is none. */
export async function answerPage(
  request: PageRequest,
  sources: Sources,
  signal: AbortSignal,
): Promise<HostMessage> {
  const { id } = request;
  if (request.kind === "report") {
    const given = Object.entries(request.parameters).map(([name, value]) => [
      name,
      value ?? undefined,
    ]);
    const result = await reportOf(request.name, Object.fromEntries(given), sources);
    return reportTable(id, result);
  }
  if (request.kind === "query") {
    const { columns, rows, cut } = await rowsOf(request.sql, request.limit, sources, signal);
    return queryTable(id, columns, rows, cut);
  }
  const relations = await sources.relations();
  return {
    kind: "schema",
    id,
    relations: relations.map(({ schema, name, row, columns }) => ({
      name: schema === "main" ? name : `${schema}.${name}`,
      comment: row,
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type,
        comment: column.text,
      })),
    })),
  };
}

/** A report as Markdown. */
export async function reportMarkdown(
  name: string,
  given: GivenParameters,
  sources: Sources,
): Promise<string> {
  const { report, columns, rows, footer } = await reportOf(name, given, sources);
  return formatSheet(
    "markdown",
    { columns, rows },
    { ...textOptions(footer.tz), heading: report.question },
    [`${footer.more ? "the first " : ""}${rows.length} rows · ${footer.tz}`],
  );
}

/** The rows of a statement as a table of text. */
export async function queryText(
  sql: string,
  sources: Sources,
  signal: AbortSignal,
): Promise<string> {
  const { columns, rows, cut } = await rowsOf(sql, MOST_TEXT_ROWS, sources, signal);
  const note = cut ? `only the first ${rows.length} rows` : `${rows.length} rows`;
  return formatSheet("table", { columns, rows }, textOptions(sources.timeZone), [note]);
}

function textOptions(timeZone: string | undefined): FormatOptions {
  return { width: TEXT_WIDTH, timeZone, csvRaw: false, paint: plainPaint };
}

async function reportOf(
  name: string,
  given: GivenParameters,
  { store, timeZone }: Sources,
): Promise<ReportResult> {
  const report = Object.values(reports).find((each) => each.name === name);
  if (report === undefined) {
    throw new KnownError("bad-argument", `There is no report called ${name}.`, {
      hint: `There are ${Object.keys(reports).join(", ")}.`,
    });
  }
  const context = { now: Date.now, timeZone: () => timeZone ?? systemZone() };
  return await store.reading((session) => runReport(session, report, given, context));
}

/** Runs a statement in a process of its own. */
async function rowsOf(
  sql: string,
  maxRows: number,
  { store, timeZone, queryScript }: Sources,
  signal: AbortSignal,
): Promise<Rows> {
  const request = {
    path: store.path,
    sql,
    parameters: {},
    maxRows,
    maxBytes: MOST_BYTES,
    timeoutMs: QUERY_MS,
    waitMs: LOCK_WAIT_MS,
    timeZone,
    ownTags: store.ownTags,
  };
  const events = runQuery(request, {
    start: () => startQueryChild(queryScript),
    renewViews: () => renewViews(store),
    signal,
  });
  let columns: readonly SandboxColumn[] = [];
  const rows: SheetRow[] = [];
  let cut = false;
  for await (const event of events) {
    if (event.kind === "columns") columns = event.columns;
    if (event.kind === "rows") rows.push(...event.rows);
    if (event.kind === "done") cut = event.cut !== undefined;
  }
  return { columns, rows, cut };
}

/** The zone of this machine. */
export function systemZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
