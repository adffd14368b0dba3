import type { Increment } from "./amounts.ts";
import type { LiveUsage } from "./record.ts";

/** A point of a cumulative series. */
type Point = LiveUsage;

/**
 * One cumulative counter from one start on: its points in order of time. A value that falls
 * restarts the counter, and which one comes before which is known only when all are there; so points
 * are kept, but for those that repeat the value on both sides of them.
 */
export class Series {
  private readonly points: Point[];

  constructor(points: readonly Point[] = []) {
    this.points = [...points];
  }

  /** Puts a point in its place; false where that is not the end, so that what follows changes too. */
  add(point: Point): boolean {
    const { points } = this;
    let at = points.length;
    while (at > 0 && isBefore(point, points[at - 1] as Point)) at--;
    if (at < points.length) {
      points.splice(at, 0, point);
      return false;
    }
    if (repeats(points.at(-2), point) && repeats(points.at(-1), point)) points.pop();
    points.push(point);
    return true;
  }

  /** By how much the last point grew; undefined where it did not change. */
  get lastIncrement(): Increment | undefined {
    const { points } = this;
    const point = points.at(-1);
    return point === undefined ? undefined : increment(points.at(-2), point);
  }

  /** All points at which the counter changed, and by how much. */
  *increments(): Generator<readonly [Point, Increment]> {
    let previous: Point | undefined;
    for (const point of this.points) {
      const grown = increment(previous, point);
      if (grown !== undefined) yield [point, grown];
      previous = point;
    }
  }

  /** A series of its own with the same points. */
  clone(): Series {
    return new Series(this.points);
  }

  /** Forgets what came before a time, but for the point from which the next one grows. */
  forget(before: number): void {
    const kept = this.points.findIndex(({ time }) => time >= before);
    const dropped = (kept < 0 ? this.points.length : kept) - 1;
    if (dropped > 0) this.points.splice(0, dropped);
  }
}

function increment(previous: Point | undefined, point: Point): Increment | undefined {
  const { value, valueInt } = point;
  if (previous === undefined) return { value, exact: valueInt, start: point.start };
  const start = previous.time;
  const change = changeOf(previous, point);
  if (change === 0) return undefined;
  if (point.series?.monotonic === true && change < 0) return { value, exact: valueInt, start };
  return { value: value - previous.value, exact: difference(valueInt, previous.valueInt), start };
}

/** Below, at or above 0 as the value fell, stayed or rose: by integers if both are. */
function changeOf(from: Point, to: Point): number {
  if (from.valueInt === undefined || to.valueInt === undefined) return to.value - from.value;
  // Beyond 2^53 two integers may be the same double.
  return Number(to.valueInt - from.valueInt);
}

function difference(to: bigint | undefined, from: bigint | undefined): bigint | undefined {
  if (to === undefined || from === undefined) return undefined;
  const exact = to - from;
  return BigInt.asIntN(64, exact) === exact ? exact : undefined;
}

function isBefore(point: Point, other: Point): boolean {
  if (point.time !== other.time) return point.time < other.time;
  const nanos = (point.series?.nanos ?? 0) - (other.series?.nanos ?? 0);
  return nanos === 0 ? changeOf(other, point) < 0 : nanos < 0;
}

function repeats(known: Point | undefined, point: Point): boolean {
  return known !== undefined && known.value === point.value && known.valueInt === point.valueInt;
}
