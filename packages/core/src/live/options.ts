/** How the live state computes its numbers. */
export interface LiveOptions {
  /** The period that the burn rate is computed over, milliseconds. */
  readonly burnWindowMs: number;
  /** The local day of a time in microseconds, as a text that differs between days. */
  readonly day: (micros: number) => string;
  /** How many of the last events are kept. */
  readonly recentEvents: number;
}

/** Five minutes say how fast a session spends now, and still hold several of its requests. */
export const BURN_WINDOW_MS: number = 5 * 60_000;

/** How long a session counts as running after its last event, milliseconds. */
export const RUNNING_MS: number = 5 * 60_000;

/**
 * How long a session is kept after its last record, milliseconds: all of
 * yesterday, which has up to 25 hours, and today are within it.
 */
export const KEPT_MS: number = 50 * 3_600_000;
