/** Rows of the report `activity`: what was used within each minute, hour or day. */
import { zonedClock } from "@cctelemetry/core/text";
import type { TableMessage } from "../../host/protocol.ts";
import { microsOf } from "./cells.ts";
import { type Row, readerOf } from "./rows.ts";

export type Bucket = "minute" | "hour" | "day";

const stepMs: Readonly<Record<Bucket, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const MOST_BUCKETS = 1_000;

/** The bucket that cuts a range into enough parts to see something, and not too many. */
export function bucketFor(firstTime: string | null, lastTime: string | null): Bucket {
  const [first, last] = [microsOf(firstTime ?? ""), microsOf(lastTime ?? "")];
  if (first === undefined || last === undefined) return "day";
  const hours = Number(last - first) / 3.6e9;
  if (hours <= 3) return "minute";
  return hours <= 72 ? "hour" : "day";
}

/** The buckets in their order, with those between in which nothing was used. */
export interface Buckets {
  /** As the zone's clocks show them: `10:05`, `11-21 10:00`, `2026-11-21`. */
  readonly labels: readonly string[];
  /** The rows of a bucket by its place. */
  readonly rows: readonly (readonly Row[])[];
}

/** Sorts rows into buckets by their `start_time`. */
export function bucketsOf(table: TableMessage, bucket: Bucket, timeZone: string): Buckets {
  const read = readerOf(table.columns);
  const clock = zonedClock(timeZone);
  const label = (ms: number) => labelOf(clock.seconds(BigInt(ms) * 1000n), bucket);
  const held = new Map<string, Row[]>();
  const starts: number[] = [];
  for (const row of table.rows) {
    const micros = microsOf(read.text(row, "start_time"));
    if (micros === undefined) continue;
    const ms = Number(micros / 1000n);
    starts.push(ms);
    const rows = held.get(label(ms)) ?? [];
    rows.push(row);
    held.set(label(ms), rows);
  }
  const labels = starts.length === 0 ? [] : [...new Set(every(starts, bucket).map(label))];
  return { labels, rows: labels.map((each) => held.get(each) ?? []) };
}

function every(starts: readonly number[], bucket: Bucket): readonly number[] {
  const sorted = starts.toSorted((a, b) => a - b);
  const [first = 0] = sorted;
  const last = sorted.at(-1) ?? first;
  const step = stepMs[bucket];
  const count = Math.floor((last - first) / step) + 1;
  if (count > MOST_BUCKETS) return sorted;
  // A day of 25 hours would be left out at the end, so the last is listed once more.
  return [...Array.from({ length: count }, (_, at) => first + at * step), last];
}

function labelOf(clock: string, bucket: Bucket): string {
  if (bucket === "day") return clock.slice(0, 10);
  return bucket === "hour" ? clock.slice(5, 16) : clock.slice(11, 16);
}
