import type { Instant, Parameter, Session, Value } from "../store/session.ts";
import {
  argumentsOf,
  type GivenParameters,
  machine,
  type ReportArguments,
  type Surroundings,
} from "./arguments.ts";
import { modelOf } from "./find-model.ts";
import { sessionMeant, sessionsBeginning } from "./find-session.ts";
import footerSql from "./footer.sql";
import type { Report, ReportColumn } from "./report.ts";
import tagNamesSql from "./tag_names.sql";
import uncountedSql from "./uncounted.sql";
import unpricedSql from "./unpriced.sql";
import { namesUntagged, tagNames } from "./untagged.ts";

/** A column of a result, with the engine's type of its values. */
export interface ResultColumn extends ReportColumn {
  readonly type: string;
}

/** What stands below a report: what it covers, and how far it can be trusted. */
export interface ReportFooter {
  readonly rows: number;
  /** Whether there are more rows than were asked for. */
  readonly more: boolean;
  /** First and last time of usage within the range; null without any. */
  readonly firstTime: Instant | null;
  readonly lastTime: Instant | null;
  readonly tz: string;
  /** Sessions with usage in the range, and those of which events and metrics agree. */
  readonly sessions: number;
  readonly agreeing: number;
  /** Of these sessions, those that have events alone, and those that have metrics alone. */
  readonly withoutMetrics: number;
  readonly withoutEvents: number;
  /** Requests in the report without a price; null where there are none, or it shows no cost. */
  readonly unpriced: UnpricedRequests | null;
  /**
   * Points of metrics of tokens or cost that do not count, or not for all they may come to; null
   * where the report is not one of everything.
   */
  readonly uncountedPoints: number | null;
  /** Lines that could not be stored as they were, in all files. */
  readonly rejectedLines: number;
  /** Whether a row stands for usage without the tag that the report is about. */
  readonly untagged: boolean;
  /** Tags that usage of the range carries and can be split by; asked only for a split, or if a row is untagged. */
  readonly tags: readonly string[];
}

/** Requests without a price, and what they would come to; exact USD, null where it cannot be said. */
interface UnpricedRequests {
  readonly requests: number;
  /** How many of them have a list price. */
  readonly listed: number;
  readonly listCostUsd: string | null;
  /** What the metrics of their sessions have beyond the events. */
  readonly metricCostUsd: string | null;
}

export interface ReportResult {
  readonly report: Report;
  readonly arguments: ReportArguments;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly Value[])[];
  readonly footer: ReportFooter;
}

/**
 * Runs a report with parameters as they were written. Throws a KnownError for a
 * parameter that is wrong, and for a session or model that is not there.
 */
export async function runReport(
  session: Session,
  report: Report,
  given: GivenParameters = {},
  surroundings: Surroundings = machine,
): Promise<ReportResult> {
  const checked = argumentsOf(report, given, surroundings);
  const found = {
    ...checked,
    session: await sessionOf(session, checked.session),
    model: await modelOf(session, checked.model),
  };
  const { limit } = found;
  const wanted = { ...found, limit: limit === null ? null : limit + 1 };
  const table = await session.table(report.sql, boundTo(report.sql, wanted));
  const more = limit !== null && table.rows.length > limit;
  const kept = more ? table.rows.slice(0, limit) : table.rows;
  const declared = table.columns.map(({ name, type }, at) => ({
    at,
    column: declaredColumn(report, name),
    type,
  }));
  const shown = declared.filter(({ column }) => isShown(column, found.by));
  const rows = kept.map((row) => shown.map(({ at }) => row[at] ?? null));
  const { unpricedRequests, ...covered } = await footerOf(session, found);
  const lacksPrices = unpricedRequests > 0 && shown.some(({ column }) => column.unit === "usd");
  const untagged = namesUntagged(
    shown.map(({ column }) => column),
    rows,
    found.by,
  );
  return {
    report,
    arguments: found,
    columns: shown.map(({ column, type }) => ({ ...labelled(column, found.by), type })),
    rows,
    footer: {
      rows: kept.length,
      more,
      tz: found.tz,
      ...covered,
      untagged,
      tags:
        untagged || found.by !== null ? await tagNames(session, boundTo(tagNamesSql, found)) : [],
      uncountedPoints: report.name === "summary" ? await askUncounted(session, found) : null,
      unpriced: lacksPrices ? await askUnpriced(session, found) : null,
    },
  };
}

/** The parameters that a statement names, out of all that there are. */
function boundTo(sql: string, given: ReportArguments): Record<string, Parameter> {
  const all: Readonly<Record<string, Parameter>> = { ...given };
  const names = new Set([...sql.matchAll(/\$([a-z]+)/g)].map(([, name]) => name ?? ""));
  return Object.fromEntries([...names].map((name) => [name, all[name] ?? null]));
}

/** The session whose id begins with a text; null for none asked for. */
async function sessionOf(session: Session, prefix: string | null): Promise<string | null> {
  if (prefix === null) return null;
  return sessionMeant(prefix, await sessionsBeginning(session, prefix));
}

function declaredColumn(report: Report, name: string): ReportColumn {
  const column = report.columns.find((each) => each.name === name);
  if (column === undefined)
    throw new Error(`report ${report.name} does not declare column ${name}`);
  return column;
}

function isShown({ shown }: ReportColumn, by: string | null): boolean {
  return shown === undefined || (shown === "with-split") === (by !== null);
}

/** Labels the column `part` with the dimension of the split. */
function labelled(column: ReportColumn, by: string | null): ReportColumn {
  return column.name === "part" && by !== null ? { ...column, label: by } : column;
}

interface Covered
  extends Omit<
    ReportFooter,
    "rows" | "more" | "tz" | "unpriced" | "uncountedPoints" | "untagged" | "tags"
  > {
  /** Requests without a price in all sessions of the range. */
  readonly unpricedRequests: number;
}

/** The footers of a lease, by what they were asked with. */
const footers: WeakMap<Session, Map<string, Promise<Covered>>> = new WeakMap();

/** Reports over one range share a footer, which is computed once in a lease. */
function footerOf(session: Session, given: ReportArguments): Promise<Covered> {
  const bound = boundTo(footerSql, given);
  if (!session.steady) return askFooter(session, bound);
  const known = footers.get(session) ?? new Map<string, Promise<Covered>>();
  footers.set(session, known);
  const { since, until, session: id } = given;
  const name = JSON.stringify([since, until, id], (_, value) =>
    typeof value === "bigint" ? String(value) : value,
  );
  const covered = known.get(name) ?? askFooter(session, bound);
  known.set(name, covered);
  return covered;
}

async function askFooter(
  session: Session,
  bound: Readonly<Record<string, Parameter>>,
): Promise<Covered> {
  const [row = {}] = await session.rows(footerSql, bound);
  return {
    firstTime: instant(row["first_time"]),
    lastTime: instant(row["last_time"]),
    sessions: Number(row["sessions"] ?? 0),
    agreeing: Number(row["agreeing"] ?? 0),
    withoutMetrics: Number(row["without_metrics"] ?? 0),
    withoutEvents: Number(row["without_events"] ?? 0),
    unpricedRequests: Number(row["unpriced_requests"] ?? 0),
    rejectedLines: Number(row["rejected_lines"] ?? 0),
  };
}

async function askUncounted(session: Session, given: ReportArguments): Promise<number> {
  const [row = {}] = await session.rows(uncountedSql, boundTo(uncountedSql, given));
  return Number(row["points"] ?? 0);
}

async function askUnpriced(
  session: Session,
  given: ReportArguments,
): Promise<UnpricedRequests | null> {
  const [row = {}] = await session.rows(unpricedSql, boundTo(unpricedSql, given));
  const requests = Number(row["requests"] ?? 0);
  const usd = (name: string) => (typeof row[name] === "string" ? String(row[name]) : null);
  if (requests === 0) return null;
  return {
    requests,
    listed: Number(row["listed_requests"] ?? 0),
    listCostUsd: usd("list_cost_usd"),
    metricCostUsd: usd("metric_cost_usd"),
  };
}

function instant(value: Value | undefined): Instant | null {
  if (typeof value !== "object" || value === null || !("kind" in value)) return null;
  return value as Instant;
}
