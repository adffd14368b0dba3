import { nanosOfIsoTime } from "../otlp/iso-time.ts";

/**
 * What a time can only mean. OTLP counts nanoseconds since 1970, but some
 * programs send seconds, milliseconds or microseconds in the same fields, and
 * some send none; Claude Code's records lie between these bounds.
 */

/** Microseconds of the first and the last time that can be: 2020-01-01 to before 2100-01-01, UTC. */
export const FIRST_TIME = 1_577_836_800_000_000;
export const LAST_TIME = 4_102_444_799_999_999;
const FIRST = FIRST_TIME;
const END = LAST_TIME + 1;
const FIRST_NANOS = BigInt(FIRST) * 1000n;
const END_NANOS = BigInt(END) * 1000n;

/** Nanoseconds of a nanosecond, a microsecond, a millisecond and a second. */
const units = [1n, 1_000n, 1_000_000n, 1_000_000_000n] as const;

/** Whether microseconds since 1970 lie between 2020 and 2100. */
export function isPlausible(micros: number): boolean {
  return micros >= FIRST && micros < END;
}

/** Nanoseconds since 1970 of a time in whichever unit puts it between 2020 and 2100; undefined where none does. */
export function plausibleNanos(value: bigint): bigint | undefined {
  for (const unit of units) {
    const nanos = value * unit;
    if (nanos >= FIRST_NANOS && nanos < END_NANOS) return nanos;
  }
  return undefined;
}

/** Microseconds since 1970 of a number of seconds, milliseconds, microseconds or nanoseconds; NaN where no unit fits. */
export function microsOfNumber(value: number): number {
  for (const micros of [value / 1000, value, value * 1000, value * 1_000_000]) {
    if (isPlausible(micros)) return Math.floor(micros);
  }
  return Number.NaN;
}

/**
 * Microseconds since 1970 of a date and time in ISO 8601, with or without a
 * fraction and an offset (UTC where there is none), or of a number as text; NaN
 * for anything else, and beyond 2020 to 2100.
 */
export function microsOfText(text: string): number {
  if (text.length > MOST_CHARACTERS) return Number.NaN;
  const trimmed = text.trim();
  if (/^\d{9,19}(\.\d*)?$/.test(trimmed)) return microsOfNumber(Number(trimmed));
  const nanos = nanosOfIsoTime(trimmed);
  const micros = nanos === undefined ? Number.NaN : Number(nanos / 1000n);
  return isPlausible(micros) ? micros : Number.NaN;
}

const MOST_CHARACTERS = 64;
