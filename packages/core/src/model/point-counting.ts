import type { MetricContext } from "./contexts.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Lanes } from "./hash.ts";
import { type Counting, hasValue, isHistogram, sumOfDistribution } from "./metric-forms.ts";
import type { ColumnBuffer, TableBuffer } from "./table-buffer.ts";
import { hashString } from "./values.ts";

const SEED = 0x636f756e;
const lanes: Readonly<Record<Counting, Lanes>> = {
  delta: hashString(SEED, "delta"),
  cumulative: hashString(SEED, "cumulative"),
  assumed: hashString(SEED, "assumed"),
};

/** Says of points, when their metric is known, how they count. */
export class PointCounting {
  private readonly dictionary: Dictionary;
  private readonly values: ColumnBuffer;
  private readonly distributions: ColumnBuffer;
  private readonly sums: ColumnBuffer;
  private readonly otherFields: ColumnBuffer;
  private readonly counting: ColumnBuffer;

  constructor(points: TableBuffer, dictionary: Dictionary) {
    this.dictionary = dictionary;
    this.values = points.column("value");
    this.distributions = points.column("distribution");
    this.sums = points.column("distribution_sum");
    this.otherFields = points.column("other_fields");
    this.counting = points.column("counting");
  }

  /** Fills the columns of the points of a metric from a row to before another. */
  fill({ description, counting }: MetricContext, from: number, to: number): void {
    if (counting === undefined) return;
    const code = this.dictionary.internText(lanes[counting], () => counting);
    for (let row = from; row < to; row++) {
      const value = isHistogram(description.dataType) ? this.sumOf(row) : this.valueOf(row);
      const other = this.textOf(this.otherFields, row);
      if (hasValue(value, other)) this.counting.setCode(row, code);
    }
  }

  private valueOf(row: number): number | undefined {
    return this.values.codes[row] === 1 ? this.values.doubles[row] : undefined;
  }

  private sumOf(row: number): number | undefined {
    const distribution = this.textOf(this.distributions, row);
    const sum = distribution === undefined ? undefined : sumOfDistribution(distribution);
    if (sum !== undefined) this.sums.setDouble(row, sum);
    return sum;
  }

  private textOf(column: ColumnBuffer, row: number): string | undefined {
    const code = column.codes[row] ?? 0;
    return code === 0 ? undefined : this.dictionary.text(code);
  }
}
