import { amountOf, type Increment } from "./amounts.ts";
import type { LiveUsage } from "./record.ts";
import { type DaySpan, daysOf } from "./request-days.ts";
import { Series } from "./series.ts";
import type { FindStage } from "./untagged.ts";
import { Usage } from "./usage.ts";

/** How a state computes days, and the period of its burn rate. */
export interface UsageOptions {
  readonly burnWindowMs: number;
  readonly day: (micros: number) => string;
}

/** Whether requests already hold the usage that metrics report for some days. */
export type IsCovered = (span: DaySpan) => boolean;

/** The usage of one user in a session, or in none, by metrics. */
export class Metered {
  private readonly usageOptions: UsageOptions;
  private readonly deltas: Spans;
  private cumulative: Spans;
  private readonly series: Map<string, Series> = new Map();
  /** Whether a point came between others, so that what was added of cumulative values is wrong. */
  private stale = false;

  constructor(usageOptions: UsageOptions) {
    this.usageOptions = usageOptions;
    this.deltas = new Spans(usageOptions);
    this.cumulative = new Spans(usageOptions);
  }

  /** Adds a point. */
  add(point: LiveUsage): void {
    const { series } = point;
    if (series === undefined) {
      const { value, valueInt: exact, start } = point;
      this.deltas.grow(point, { value, exact, start });
      return;
    }
    let own = this.series.get(series.key);
    if (own === undefined) {
      own = new Series();
      this.series.set(series.key, own);
    }
    if (!own.add(point)) this.stale = true;
    const grown = own.lastIncrement;
    if (!this.stale && grown !== undefined) this.cumulative.grow(point, grown);
  }

  /** Adds to a usage what requests do not hold already. */
  addTo(usage: Usage, isCovered: IsCovered): void {
    if (this.stale) {
      this.cumulative = new Spans(this.usageOptions);
      for (const series of this.series.values()) {
        for (const [point, grown] of series.increments()) this.cumulative.grow(point, grown);
      }
      this.stale = false;
    }
    this.deltas.addTo(usage, isCovered);
    this.cumulative.addTo(usage, isCovered);
  }

  /** One of its own with the same points. */
  clone(): Metered {
    const copy = new Metered(this.usageOptions);
    copy.deltas.merge(this.deltas);
    copy.cumulative.merge(this.cumulative);
    copy.stale = this.stale;
    for (const [key, series] of this.series) copy.series.set(key, series.clone());
    return copy;
  }

  /** Forgets days that ended before a time. */
  forgetDays(before: number): void {
    this.deltas.forgetDays(before);
    this.cumulative.forgetDays(before);
  }

  /** Usage without a tag whose stage is not settled. */
  get openUsage(): number {
    return this.deltas.openUsage + this.cumulative.openUsage;
  }

  /** Settles the stages of all usage so far. */
  settle(find: FindStage): void {
    this.deltas.settle(find);
    this.cumulative.settle(find);
  }

  /** Forgets points before a time, but for those from which later ones grow. */
  forgetPoints(before: number): void {
    for (const series of this.series.values()) series.forget(before);
  }
}

/** Usage by the days in which it grew. */
class Spans {
  private readonly usageOptions: UsageOptions;
  private readonly usages: Map<string, { readonly span: DaySpan; readonly usage: Usage }> =
    new Map();

  constructor(usageOptions: UsageOptions) {
    this.usageOptions = usageOptions;
  }

  /** Adds what a metric grew by. */
  grow(point: LiveUsage, grown: Increment): void {
    const usage = this.usageOf(daysOf(grown.start ?? point.time, point.time));
    const amount = amountOf(point, grown);
    const { time: until, agentName } = point;
    usage.add(amount, this.usageOptions.day(until), {
      since: grown.start ?? until,
      until,
      agentName,
    });
    usage.burn.add(amount);
    usage.label(point, point.time);
  }

  /** Adds to a usage what requests do not hold already. */
  addTo(usage: Usage, isCovered: IsCovered): void {
    for (const own of this.usages.values()) if (!isCovered(own.span)) usage.merge(own.usage);
  }

  /** Adds all of another one. */
  merge(other: Spans): void {
    for (const { span, usage } of other.usages.values()) this.usageOf(span).merge(usage);
  }

  /** Forgets days that ended before a time. */
  forgetDays(before: number): void {
    for (const { usage } of this.usages.values()) usage.forgetDays(before);
  }

  get openUsage(): number {
    return [...this.usages.values()].reduce((sum, { usage }) => sum + usage.untagged.size, 0);
  }

  /** Settles the stages of all of it. */
  settle(find: FindStage): void {
    for (const { usage } of this.usages.values()) usage.settle(find);
  }

  private usageOf(span: DaySpan): Usage {
    const key = `${span.firstDay} ${span.lastDay}`;
    let own = this.usages.get(key);
    if (own === undefined) {
      own = { span, usage: new Usage(this.usageOptions.burnWindowMs) };
      this.usages.set(key, own);
    }
    return own.usage;
  }
}
