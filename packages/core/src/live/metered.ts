import { amountOf, type Increment } from "./amounts.ts";
import type { LiveUsage } from "./record.ts";
import { Series } from "./series.ts";
import { Usage } from "./usage.ts";

/** How a state reckons days, and over how long it reckons the burn rate. */
export interface Reckoning {
  readonly burnWindowMs: number;
  readonly day: (micros: number) => string;
}

/** The usage of one session, or user without session ids, as metrics tell it. */
export class Metered {
  private readonly reckoning: Reckoning;
  private readonly deltas: Usage;
  private cumulative: Usage;
  private readonly series: Map<string, Series> = new Map();
  /** Whether a point came between others, so that what was added of cumulative values is wrong. */
  private stale = false;

  constructor(reckoning: Reckoning) {
    this.reckoning = reckoning;
    this.deltas = new Usage(reckoning.burnWindowMs);
    this.cumulative = new Usage(reckoning.burnWindowMs);
  }

  /** Adds a point. */
  add(point: LiveUsage): void {
    const { series } = point;
    if (series === undefined) {
      this.grow(this.deltas, point, { value: point.value, exact: point.valueInt });
      return;
    }
    let own = this.series.get(series.key);
    if (own === undefined) {
      own = new Series();
      this.series.set(series.key, own);
    }
    if (!own.add(point)) this.stale = true;
    const grown = own.lastIncrement;
    if (!this.stale && grown !== undefined) this.grow(this.cumulative, point, grown);
  }

  /** Adds all of it to a usage. */
  addTo(usage: Usage): void {
    if (this.stale) {
      this.cumulative = new Usage(this.reckoning.burnWindowMs);
      for (const series of this.series.values()) {
        for (const [point, grown] of series.increments()) this.grow(this.cumulative, point, grown);
      }
      this.stale = false;
    }
    usage.merge(this.deltas);
    usage.merge(this.cumulative);
  }

  /** One of its own with the same points. */
  clone(): Metered {
    const copy = new Metered(this.reckoning);
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

  /** Forgets points before a time, but for those from which later ones grow. */
  forgetPoints(before: number): void {
    for (const series of this.series.values()) series.forget(before);
  }

  private grow(usage: Usage, point: LiveUsage, grown: Increment): void {
    const amount = amountOf(point, grown);
    usage.add(amount, this.reckoning.day(point.time));
    usage.burn.add(amount);
    usage.label(point, point.time);
  }
}
