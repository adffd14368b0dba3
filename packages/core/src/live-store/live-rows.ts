import type { RowMarks } from "../live/from-batch.ts";
import { eventRecord, markRecord, requestRecord, usageRecord } from "../live/from-row.ts";
import type {
  LiveGroup,
  LiveLog,
  LiveMark,
  LiveRecord,
  LiveRequest,
  LiveRows,
  LiveScope,
  LiveUsage,
} from "../live/record.ts";
import type { RequestDay } from "../live/request-days.ts";
import type { Instant, Parameter, Session } from "../store/session.ts";
import { eventGroup, requestGroup } from "./live-groups.ts";
import liveActive from "./sql/live_active.sql";
import liveBases from "./sql/live_bases.sql";
import liveDays from "./sql/live_days.sql";
import liveDisplaced from "./sql/live_displaced.sql";
import liveEventGroups from "./sql/live_event_groups.sql";
import liveEvents from "./sql/live_events.sql";
import liveMarks from "./sql/live_marks.sql";
import liveMoved from "./sql/live_moved.sql";
import liveOldPoints from "./sql/live_old_points.sql";
import livePoints from "./sql/live_points.sql";
import liveRecent from "./sql/live_recent.sql";
import liveRequestGroups from "./sql/live_request_groups.sql";
import liveRequests from "./sql/live_requests.sql";
import liveStageMarks from "./sql/live_stage_marks.sql";
import liveTouched from "./sql/live_touched.sql";
import liveUntaggedRequests from "./sql/live_untagged_requests.sql";
import { StoredRows } from "./stored-row.ts";
import { tracesOf } from "./traces.ts";

/** What the live state has of the store: all rows before these. Rows are only ever appended. */
export interface StoreMarks extends RowMarks {
  readonly request_days: number;
  /** Another one for other traces that name stages. */
  readonly traces: string;
}

/** Rows for the live state, and what it has of the store with them. */
export interface LiveReading extends LiveRows {
  readonly marks: StoreMarks;
}

/** What is loaded already. */
export interface Loaded {
  /** Whether a session is known, so that only its new rows are needed. */
  knows(sessionId: string): boolean;
  /** Whether rows begin the run of a subagent earlier than is known, so that its stage may be another. */
  movesRuns(rows: LiveRows): boolean;
}

/** New rows beyond which older ones are taken in groups: a bulk import, not the traffic of one machine. */
const MANY_ROWS = 5000;
const EARLIEST = -(2n ** 61n);
/** An empty store. */
export const NO_MARKS: StoreMarks = {
  api_request_logs: 0,
  other_logs: 0,
  metric_points: 0,
  request_days: 0,
  traces: "0",
};

/** Which rows before a time are taken. */
interface OldRows {
  /** Sessions whose rows from the marks on are taken. */
  readonly sessions: readonly string[];
  /** Sessions of which those before the marks are taken, too. */
  readonly whole: readonly string[];
  readonly from: StoreMarks;
  readonly since: number;
  readonly detailed: bigint;
}

/** Everything the live state needs of a store: all sessions with a record within the scope, from their beginning on. */
export async function loadLive(session: Session, scope: LiveScope): Promise<LiveReading> {
  const marks = await marksOf(session);
  const { since, detailedSince } = scope;
  const active = await session.table(liveActive, { since: instant(since) });
  const sessions = active.rows.flatMap(([id]) => (typeof id === "string" ? [id] : []));
  const detailed = BigInt(Math.floor(detailedSince));
  const single = await newRecords(session, NO_MARKS, marks, detailed);
  const choice = { sessions, whole: [], from: NO_MARKS, since, detailed };
  const old = await oldRows(session, choice);
  const bases = await pointsOf(session, liveBases, { since: instant(since) });
  return {
    records: [...single, ...old.points, ...bases],
    groups: old.groups,
    older: old.older,
    traces: await tracesOf(session, sessions),
    recent: await recentOf(session, NO_MARKS, scope),
    days: await daysSince(session, NO_MARKS, marks),
    marks,
  };
}

/**
 * The rows added after some watermarks by any process, with the older rows of sessions that are not
 * known yet. New rows of sessions without a record within the scope are passed over. Undefined
 * if everything has to be loaded: the store holds fewer rows than the watermarks, so it was replaced;
 * a new record of a request counts instead of one that was loaded before; or marks change the stage of
 * what was.
 */
export async function liveRowsSince(
  session: Session,
  from: StoreMarks,
  scope: LiveScope,
  loaded: Loaded,
): Promise<LiveReading | undefined> {
  const marks = await marksOf(session);
  const added = rowsBetween(from, marks);
  if (added === undefined || (await isDisplaced(session, from, marks))) return undefined;
  if (from.traces !== marks.traces || (await isMoved(session, from, marks))) return undefined;
  const rows =
    added > MANY_ROWS
      ? await manyRows(session, from, marks, scope, loaded)
      : await fewRows(session, from, marks, scope, loaded);
  return loaded.movesRuns(rows) ? undefined : { ...rows, marks };
}

/** The rows since some marks, one by one. */
async function fewRows(
  session: Session,
  from: StoreMarks,
  marks: StoreMarks,
  scope: LiveScope,
  loaded: Loaded,
): Promise<LiveRows> {
  const { since } = scope;
  const known = (id: string): boolean => loaded.knows(id);
  const all = await newRecords(session, from, marks, EARLIEST);
  const active = new Set(all.flatMap(({ time, sessionId }) => (time >= since ? [sessionId] : [])));
  const records = all.filter(({ time, sessionId }) =>
    sessionId === undefined ? time >= since : active.has(sessionId) || known(sessionId),
  );
  const whole = [...active].filter((id) => id !== undefined).filter((id) => !known(id));
  const days = await daysSince(session, from, marks);
  const nothing = { groups: [], older: [], traces: [], recent: [], days };
  if (whole.length === 0) return { ...nothing, records };
  const choice = { sessions: [], whole, from, since, detailed: EARLIEST };
  const { groups, older, points } = await oldRows(session, choice);
  const traces = await tracesOf(session, whole);
  return { ...nothing, records: [...records, ...points], groups, older, traces };
}

/** The rows since some marks where they are many: the older ones in groups. */
async function manyRows(
  session: Session,
  from: StoreMarks,
  marks: StoreMarks,
  scope: LiveScope,
  loaded: Loaded,
): Promise<LiveRows> {
  const { since, detailedSince } = scope;
  const known = (id: string): boolean => loaded.knows(id);
  const touched = await session.table(liveTouched, {
    since: instant(since),
    requests: from.api_request_logs,
    others: from.other_logs,
    points: from.metric_points,
  });
  const wanted = touched.rows.flatMap(([id, active]) =>
    typeof id === "string" && (active === true || known(id)) ? [id] : [],
  );
  const whole = wanted.filter((id) => !known(id));
  const detailed = BigInt(Math.floor(detailedSince));
  const single = await newRecords(session, from, marks, detailed);
  const old = await oldRows(session, { sessions: wanted, whole, from, since, detailed });
  return {
    records: [...single, ...old.points],
    groups: old.groups,
    older: old.older,
    traces: await tracesOf(session, whole),
    recent: await recentOf(session, from, scope),
    days: await daysSince(session, from, marks),
  };
}

/** How many rows were appended; undefined where rows are gone. */
function rowsBetween(from: StoreMarks, to: StoreMarks): number | undefined {
  const added = [
    to.api_request_logs - from.api_request_logs,
    to.other_logs - from.other_logs,
    to.metric_points - from.metric_points,
  ];
  const isLess = to.request_days < from.request_days || added.some((count) => count < 0);
  return isLess ? undefined : added.reduce((a, b) => a + b, 0);
}

async function marksOf(session: Session): Promise<StoreMarks> {
  const [row] = await session.rows(liveMarks);
  return {
    api_request_logs: Number(row?.["api_request_logs"] ?? 0),
    other_logs: Number(row?.["other_logs"] ?? 0),
    metric_points: Number(row?.["metric_points"] ?? 0),
    request_days: Number(row?.["request_days"] ?? 0),
    traces: String(row?.["traces"] ?? "0"),
  };
}

async function isDisplaced(session: Session, from: StoreMarks, to: StoreMarks): Promise<boolean> {
  if (from.api_request_logs === to.api_request_logs || from.api_request_logs === 0) return false;
  const [row] = await session.rows(liveDisplaced, { mark: from.api_request_logs });
  return row?.["displaced"] === true;
}

/** Whether new rows change the stage of older ones. */
async function isMoved(session: Session, from: StoreMarks, to: StoreMarks): Promise<boolean> {
  const { api_request_logs: requests, other_logs: others, metric_points: points } = from;
  const isFirst = requests + points === 0;
  if (isFirst || (others === to.other_logs && requests === to.api_request_logs)) return false;
  const [row] = await session.rows(liveMoved, { requests, others, points });
  return row?.["moved"] === true;
}

/** The days with requests that were noted since some marks. */
async function daysSince(
  session: Session,
  from: StoreMarks,
  to: StoreMarks,
): Promise<readonly RequestDay[]> {
  if (from.request_days === to.request_days) return [];
  const rows = new StoredRows(await session.table(liveDays, { mark: from.request_days }));
  return rows.map((row) => ({
    sessionless: row.truth("sessionless") ?? false,
    userId: row.text("user_id"),
    day: Number(row.integer("day")),
  }));
}

/** The records from some marks on and since a time, one by one. */
async function newRecords(
  session: Session,
  from: StoreMarks,
  to: StoreMarks,
  since: bigint,
): Promise<readonly LiveRecord[]> {
  const detailed: Instant = { kind: "time", micros: since };
  const rows = async (sql: string, table: keyof RowMarks): Promise<StoredRows> => {
    const none = from[table] === to[table];
    return new StoredRows(
      none ? NO_ROWS : await session.table(sql, { mark: from[table], detailed }),
    );
  };
  return [
    ...(await rows(liveRequests, "api_request_logs")).map(requestRecord),
    ...(await rows(liveEvents, "other_logs")).map(eventRecord),
    ...(await rows(livePoints, "metric_points"))
      .map(usageRecord)
      .filter((each) => each !== undefined),
  ];
}

const NO_ROWS = { columns: [], rows: [] };

/** Older rows of sessions. */
interface OldParts {
  readonly groups: readonly LiveGroup[];
  readonly older: readonly (LiveMark | LiveRequest)[];
  readonly points: readonly LiveUsage[];
}

/**
 * Older rows: requests and events in groups; one by one marks, requests whose stage these may name,
 * and points of metrics of sessions without requests.
 */
async function oldRows(
  session: Session,
  { sessions, whole, from, since, detailed }: OldRows,
): Promise<OldParts> {
  const time = { since: instant(since), detailed: { kind: "time", micros: detailed } as const };
  const asked = { sessions, whole, ...time };
  const rows = async (sql: string, parameters: Readonly<Record<string, Parameter>>) =>
    new StoredRows(await session.table(sql, parameters));
  const inRequests = { ...asked, mark: from.api_request_logs };
  const inEvents = { ...asked, mark: from.other_logs };
  const { since: _since, ...inMarks } = inEvents;
  const requests = (await rows(liveRequestGroups, inRequests)).map(requestGroup);
  const { since: _ever, ...inSessions } = inRequests;
  const untagged = (await rows(liveUntaggedRequests, inSessions)).map(requestRecord);
  const events = (await rows(liveEventGroups, inEvents)).map(eventGroup);
  const stageMarks = (await rows(liveStageMarks, inMarks)).map(markRecord);
  const found = new Set([...requests, ...untagged].map(({ sessionId }) => sessionId));
  const points = await pointsOf(session, liveOldPoints, {
    ...time,
    mark: from.metric_points,
    sessions: sessions.filter((id) => !found.has(id)),
    whole: whole.filter((id) => !found.has(id)),
  });
  return { groups: [...requests, ...events], older: [...stageMarks, ...untagged], points };
}

async function pointsOf(
  session: Session,
  sql: string,
  asked: Readonly<Record<string, Parameter>>,
): Promise<readonly LiveUsage[]> {
  const rows = new StoredRows(await session.table(sql, asked));
  return rows.map(usageRecord).filter((each) => each !== undefined);
}

/** The last events of those that are loaded in groups. */
async function recentOf(
  session: Session,
  from: StoreMarks,
  { since, detailedSince, recentEvents }: LiveScope,
): Promise<readonly LiveLog[]> {
  const rows = await session.table(liveRecent, {
    since: instant(since),
    detailed: instant(detailedSince),
    requests: from.api_request_logs,
    others: from.other_logs,
    limit: recentEvents,
  });
  return new StoredRows(rows).map(recentEvent);
}

function recentEvent(row: StoredRows): LiveLog {
  return row.text("source_table") === "requests" ? requestRecord(row) : eventRecord(row);
}

function instant(micros: number): Instant {
  return { kind: "time", micros: BigInt(Math.floor(micros)) };
}
