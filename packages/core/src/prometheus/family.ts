/** Labels of a series; one without a value is left out, which is what Prometheus takes an empty one for. */
export type Labels = Readonly<Record<string, string | null>>;

/** A series of a family. */
export interface Series {
  /** Distinguishes it from the others of its family. */
  readonly key: string;
  readonly labels: Labels;
  /** In units of 1 / `scale` of the family. */
  readonly value: bigint;
  /** When its first and last record were written, microseconds since 1970. */
  readonly firstTime: number;
  readonly lastTime: number;
}

/** What all families of metrics have in common. */
export interface FamilyHead {
  readonly name: string;
  /** A counter never falls as long as records are only added; a gauge may. */
  readonly type: "counter" | "gauge";
  /** One sentence, without a full stop. */
  readonly help: string;
  /** What one unit of the metric is in values of its series. */
  readonly scale: number;
}

/** A family of metrics with its series. */
export interface Family extends FamilyHead {
  readonly series: readonly Series[];
}

/** The longest label value, UTF-16 units: longer ones cost every database that scrapes them. */
const MOST_LABEL = 200;

/** Distinguishes series of one family, whose labels have the same names in the same order. */
export function seriesKey(labels: Labels): string {
  return JSON.stringify(Object.values(labels));
}

/** The sum of two series under the labels of the first. */
export function added(sum: Series | undefined, part: Series): Series {
  if (sum === undefined) return part;
  return {
    ...sum,
    value: sum.value + part.value,
    firstTime: Math.min(sum.firstTime, part.firstTime),
    lastTime: Math.max(sum.lastTime, part.lastTime),
  };
}

/** Label values come from outside: of any length, and not always well-formed. */
export function shortened(labels: Labels): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      name,
      value === null || value === "" ? null : value.slice(0, MOST_LABEL).toWellFormed(),
    ]),
  );
}
