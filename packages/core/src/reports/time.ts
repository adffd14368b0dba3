/** Times as people write them, in a time zone. Instants are microseconds since 1970 UTC. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const WRITTEN =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;
const SPAN = /^(?:(\d{1,5})\s*)?([a-z]+)$/i;
const units = {
  minute: ["m", "min", "mins", "minute", "minutes"],
  hour: ["h", "hr", "hrs", "hour", "hours"],
  day: ["d", "day", "days"],
  week: ["w", "wk", "wks", "week", "weeks"],
  month: ["mo", "mos", "mon", "month", "months"],
  year: ["y", "yr", "yrs", "year", "years"],
} as const;
type Unit = keyof typeof units;

/** Years before which nothing was recorded; so that no count leads out of the calendar. */
const MOST_YEARS = 1000;

/** The zone's name as the platform writes it; undefined where there is no such zone. */
export function zoneNamed(text: string): string | undefined {
  if (!/^[A-Za-z]/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/**
 * The instant that a text means: `2026-11-21`, `2026-11-21 14:30`, with `Z` or
 * an offset, `now`, `today` or `yesterday`. A day as a start means its first
 * moment, as an end the first moment after it. Undefined for anything else.
 */
export function instantOf(
  text: string,
  edge: "start" | "end",
  zone: string,
  nowMs: number,
): bigint | undefined {
  const word = text.trim().toLowerCase();
  if (word === "now") return micros(nowMs);
  const named = word === "today" ? 0 : word === "yesterday" ? -1 : undefined;
  const next = edge === "end" ? 1 : 0;
  if (named !== undefined) return startOfDay(nowMs, named + next, zone);
  const match = WRITTEN.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, offset] = match;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  if (hour === undefined) return micros(toUtc(midnight + next * DAY_MS, zone));
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second ?? 0);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) return undefined;
  const local = midnight + seconds * 1000;
  const rest = BigInt((fraction ?? "").padEnd(6, "0"));
  const utc = offset === undefined ? toUtc(local, zone) : local - offsetMs(offset);
  return micros(utc) + rest;
}

/**
 * The start of the last `7d`, `24h`, `90m`, `2w`, `1mo` or `1y`: hours and
 * minutes are counted back from now, all others are whole days with today as
 * the last. A word such as `week` is one of them. Undefined for anything else,
 * and for `1M`, which may mean either months or minutes.
 */
export function startOfLast(text: string, zone: string, nowMs: number): bigint | undefined {
  const [, digits, word = ""] = SPAN.exec(text.trim()) ?? [];
  // One letter alone is more likely a slip than one of its kind.
  const count = Number(digits ?? (word.length > 2 ? 1 : 0));
  if (count === 0 || isMonthOrMinute(text)) return undefined;
  switch (unitOf(word)) {
    case "minute":
      return micros(nowMs - count * 60_000);
    case "hour":
      return micros(nowMs - count * HOUR_MS);
    case "day":
      return startOfDay(nowMs, 1 - count, zone);
    case "week":
      return startOfDay(nowMs, 1 - count * 7, zone);
    case "month":
      return startOfMonths(nowMs, count, zone);
    case "year":
      return startOfMonths(nowMs, count * 12, zone);
    default:
      return undefined;
  }
}

/** Whether a span is written `1M`: months to some programs, minutes to others. */
export function isMonthOrMinute(text: string): boolean {
  return /^\d+\s*M$/.test(text.trim());
}

function unitOf(word: string): Unit | undefined {
  const lower = word.toLowerCase();
  const names = Object.keys(units) as Unit[];
  return names.find((unit) => (units[unit] as readonly string[]).includes(lower));
}

/** The first moment of the day after the one with the same date so many months ago, or the last of that month. */
function startOfMonths(nowMs: number, months: number, zone: string): bigint {
  const today = new Date(nowMs + offsetAt(nowMs, zone));
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()];
  const back = Math.min(months, MOST_YEARS * 12);
  const days = new Date(Date.UTC(year, month - back + 1, 0)).getUTCDate();
  const day = Math.min(today.getUTCDate(), days);
  return micros(toUtc(Date.UTC(year, month - back, day + 1), zone));
}

/** The first moment of the day that is `days` after the one of `nowMs`. */
function startOfDay(nowMs: number, days: number, zone: string): bigint {
  const local = nowMs + offsetAt(nowMs, zone);
  return micros(toUtc((Math.floor(local / DAY_MS) + days) * DAY_MS, zone));
}

/**
 * The instant at which clocks of the zone show a time, which is given as if it were UTC.
 * Of two such instants the earlier; where clocks jump over it, as much later.
 */
function toUtc(localMs: number, zone: string): number {
  const before = localMs - offsetAt(localMs - DAY_MS, zone);
  const after = localMs - offsetAt(localMs + DAY_MS, zone);
  const right = [before, after].filter((utc) => utc + offsetAt(utc, zone) === localMs);
  return right.length === 0 ? before : Math.min(...right);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC at an instant, milliseconds. */
function offsetAt(utcMs: number, zone: string): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const numeric = "numeric";
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    });
    formats.set(zone, format);
  }
  const shown = new Map(
    format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (
    ["year", "month", "day", "hour", "minute", "second"] as const
  ).map((type) => shown.get(type));
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return local - Math.floor(utcMs / 1000) * 1000;
}

function offsetMs(text: string): number {
  if (text.toUpperCase() === "Z") return 0;
  const sign = text.startsWith("-") ? -1 : 1;
  const digits = text.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
}

function micros(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1000n;
}
