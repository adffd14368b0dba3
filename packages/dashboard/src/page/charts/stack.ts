/** One part of every column of a chart. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

/** The heights of the columns that series make when they are put on each other. */
export function totalsOf(series: readonly Series[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) =>
    series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  );
}

/** The series with the largest sums; the others as one, named so. */
export function largestSeries(
  series: readonly Series[],
  most: number,
  otherName = "others",
): readonly Series[] {
  const sumOf = ({ values }: Series) => values.reduce((sum, value) => sum + value, 0);
  const sorted = series.toSorted((a, b) => sumOf(b) - sumOf(a));
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1);
  const length = Math.max(...rest.map(({ values }) => values.length));
  const values = totalsOf(rest, length);
  return [...sorted.slice(0, most - 1), { name: otherName, colour: "hue-other", values }];
}

/** Every so many labels are written so that none touches the next. */
export function labelStep(labels: readonly string[], width: number): number {
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 1);
  const fitting = Math.max(1, Math.floor(width / (longest * 7 + 12)));
  return Math.max(1, Math.ceil(labels.length / fitting));
}
