const QUARTER = 900_000_000;
const MOST_QUARTERS = 4096;

/**
 * Days of times. Every zone has been a whole number of quarters of an hour from UTC since 1972, long
 * before there was telemetry, so few times need its rules.
 */
export class Days {
  private readonly day: (micros: number) => string;
  private readonly quarters: Map<number, string> = new Map();

  constructor(day: (micros: number) => string) {
    this.day = day;
  }

  /** The day of a time, microseconds. */
  of(micros: number): string {
    const quarter = Math.floor(micros / QUARTER);
    const known = this.quarters.get(quarter);
    if (known !== undefined) return known;
    if (this.quarters.size >= MOST_QUARTERS) this.quarters.clear();
    const day = this.day(quarter * QUARTER);
    this.quarters.set(quarter, day);
    return day;
  }
}
