import type { RecordTable } from "../model/columns.ts";
import { FIRST_TIME, LAST_TIME, microsOfText } from "../model/plausible-times.ts";
import { meantTimes } from "../model/record-times.ts";
import type { Session, Value } from "./session.ts";
import { storedName, tables } from "./statements.ts";

type Row = Readonly<Record<string, Value>>;

/**
 * Puts records that an older version stored where their time as sent lies to
 * where this version puts them, so that the same file adds nothing.
 */
export async function fillTimes(session: Session): Promise<void> {
  for (const table of tables) {
    const found = await session.rows(
      `SELECT CAST(rowid AS VARCHAR) AS record, CAST(epoch_us(time) AS VARCHAR) AS micros,
         CAST(time_nanos AS VARCHAR) AS nanos, ${otherOf(table)},
         ${hasEvents(table) ? "CAST(event_lag_us AS VARCHAR)" : "NULL"} AS event_lag,
         json_extract_string(attributes, '$."event.timestamp"') AS event_text
       FROM ${storedName(table)}
       WHERE time < make_timestamptz(${FIRST_TIME}) OR time > make_timestamptz(${LAST_TIME})
         ${hasEvents(table) ? unreadEvent : ""}`,
    );
    const mended = found.flatMap((row) => mend(row));
    if (mended.length > 0) await update(session, table, mended);
  }
}

/** Records whose event.timestamp is of a form that an older version did not read. */
const unreadEvent = `OR event_lag_us IS NULL AND contains(attributes, '"event.timestamp"')`;

/** A record and its times: what they mean, and what was sent. */
interface Mended {
  readonly record: string;
  readonly time: bigint;
  readonly sentTime: bigint;
  readonly other: bigint | undefined;
  readonly sentOther: bigint | undefined;
  readonly eventLag: bigint | undefined;
}

function mend(row: Row): readonly Mended[] {
  const sentTime = nanosOf(row["micros"], row["nanos"]) ?? 0n;
  const lag = row["lag"];
  const sentOther =
    typeof lag === "string"
      ? sentTime + BigInt(lag)
      : nanosOf(row["other_micros"], row["other_nanos"]);
  const eventMicros = eventOf(row);
  const { time, other } = meantTimes({ time: sentTime, other: sentOther }, eventMicros);
  const eventLag = Number.isNaN(eventMicros) ? undefined : time / 1000n - BigInt(eventMicros);
  const isRead = eventLag === undefined || typeof row["event_lag"] === "string";
  if (time === sentTime && other === sentOther && isRead) return [];
  return [{ record: String(row["record"]), time, sentTime, other, sentOther, eventLag }];
}

function eventOf(row: Row): number {
  if (typeof row["event_lag"] === "string") {
    return Number(BigInt(String(row["micros"])) - BigInt(row["event_lag"]));
  }
  return typeof row["event_text"] === "string" ? microsOfText(row["event_text"]) : Number.NaN;
}

function nanosOf(micros: Value | undefined, nanos: Value | undefined): bigint | undefined {
  return typeof micros === "string"
    ? BigInt(micros) * 1000n + BigInt(String(nanos ?? 0))
    : undefined;
}

function hasEvents(table: RecordTable): boolean {
  return table.columns.some(({ name }) => name === "event_lag_us");
}

/** The name of a table's other time: its column, or undefined where it is stored as a distance. */
function otherColumn(table: RecordTable): string | undefined {
  return ["start_time", "end_time"].find((each) => table.columns.some(({ name }) => name === each));
}

function otherOf(table: RecordTable): string {
  const name = otherColumn(table);
  if (name === undefined) {
    return "CAST(observed_lag_ns AS VARCHAR) AS lag, NULL AS other_micros, NULL AS other_nanos";
  }
  return `NULL AS lag, CAST(epoch_us(${name}) AS VARCHAR) AS other_micros, CAST(${name}_nanos AS VARCHAR) AS other_nanos`;
}

async function update(
  session: Session,
  table: RecordTable,
  mended: readonly Mended[],
): Promise<void> {
  const other = otherColumn(table);
  const setOther =
    other === undefined
      ? `observed_lag_ns = TRY_CAST(mended.other AS BIGINT),
         event_lag_us = TRY_CAST(mended.event_lag AS BIGINT)`
      : `${other} = make_timestamptz(TRY_CAST(TRY_CAST(mended.other AS HUGEINT) // 1000 AS BIGINT)),
         ${other}_nanos = TRY_CAST(mended.other AS HUGEINT) % 1000`;
  const names =
    other === "end_time"
      ? (["startTimeUnixNano", "endTimeUnixNano"] as const)
      : ([
          "timeUnixNano",
          other === undefined ? "observedTimeUnixNano" : "startTimeUnixNano",
        ] as const);
  await session.run(
    `UPDATE ${storedName(table)} AS record SET
       time = make_timestamptz(CAST(CAST(mended.time AS HUGEINT) // 1000 AS BIGINT)),
       time_nanos = CAST(mended.time AS HUGEINT) % 1000,
       ${setOther},
       other_fields = CASE WHEN mended.sent = '{}' THEN other_fields
         ELSE CAST(json_merge_patch(mended.sent, coalesce(other_fields, '{}')) AS VARCHAR) END
     FROM (SELECT unnest($records) AS record, unnest($times) AS time, unnest($others) AS other,
       unnest($eventLags) AS event_lag, unnest($sent) AS sent) AS mended
     WHERE record.rowid = CAST(mended.record AS BIGINT)`,
    {
      records: mended.map(({ record }) => record),
      times: mended.map(({ time }) => String(time)),
      others: mended.map((each) => String((other === undefined ? lagOf(each) : each.other) ?? "")),
      eventLags: mended.map(({ eventLag }) => String(eventLag ?? "")),
      sent: mended.map((each) => asSent(each, names, other === undefined)),
    },
  );
}

/** How long after its time a record was observed, nanoseconds; beyond 64 bits it wraps around. */
function lagOf({ time, other }: Mended): bigint | undefined {
  return other === undefined ? undefined : BigInt.asIntN(64, other - time);
}

/** The times as sent where the columns do not give them back, as JSON. */
function asSent(
  mended: Mended,
  [timeName, otherName]: readonly [string, string],
  isLag: boolean,
): string {
  const { time, sentTime, other, sentOther } = mended;
  const sent: Record<string, string> = {};
  if (time !== sentTime) sent[timeName] = String(sentTime);
  const isWrapped = isLag && other !== undefined && lagOf(mended) !== other - time;
  if (other !== sentOther || isWrapped) sent[otherName] = String(sentOther);
  return JSON.stringify(sent);
}
