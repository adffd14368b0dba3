const MICROS_PER_DAY = 86_400_000_000n;
const INFINITY_MICROS = 9_223_372_036_854_775_807n;
/** The last microsecond of a `Date`. */
const LAST_MICROS = 8.64e18;

/** What a time zone's clock shows at an instant. */
interface Clock {
  readonly date: string;
  readonly time: string;
}

/** An instant as ISO 8601 in UTC, with as many decimals as it has: `2026-11-21T10:00:00.123Z`. */
export function isoUtc(micros: bigint): string {
  const infinite = infinity(micros);
  if (infinite !== undefined) return infinite;
  const days = floorDivide(micros, MICROS_PER_DAY);
  const ofDay = Number(micros - days * MICROS_PER_DAY);
  const fraction = ofDay % 1_000_000;
  const clock = clockText(Math.floor(ofDay / 1_000_000));
  return `${civilDate(Number(days))}T${clock}${fractionText(fraction)}Z`;
}

/** The microseconds since 1970 of an instant as `isoUtc` writes it, within what a `Date` holds. */
export function microsOf(iso: string): number {
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) return iso.startsWith("-") ? -LAST_MICROS : LAST_MICROS;
  const [, micros = "0"] = /\.\d{3}(\d{3})Z$/.exec(iso) ?? [];
  return milliseconds * 1000 + Number(micros);
}

/** Shows instants on the clock of one time zone. */
export interface ZonedClock {
  /** `2026-11-21 11:00:00` */
  seconds(micros: bigint): string;
  /** `2026-11-21` where the instant is midnight, else undefined. */
  midnight(micros: bigint): string | undefined;
}

/** A clock for an IANA time zone, or the platform's; an unknown name throws a RangeError. */
export function zonedClock(timeZone: string | undefined): ZonedClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    era: "short",
  });
  const read = (micros: bigint): Clock | undefined => {
    const milliseconds = Number(floorDivide(micros, 1000n));
    if (infinity(micros) !== undefined || Math.abs(milliseconds) > 8.6e15) return undefined;
    const parts = new Map(
      format.formatToParts(milliseconds).map((part) => [part.type as string, part.value]),
    );
    if (parts.get("era")?.startsWith("B")) return undefined;
    const year = (parts.get("year") ?? "").padStart(4, "0");
    return {
      date: `${year}-${parts.get("month")}-${parts.get("day")}`,
      time: `${parts.get("hour")}:${parts.get("minute")}:${parts.get("second")}`,
    };
  };
  return {
    seconds(micros) {
      const clock = read(micros);
      return clock === undefined ? isoUtc(micros) : `${clock.date} ${clock.time}`;
    },
    midnight(micros) {
      if (micros % 1_000_000n !== 0n) return undefined;
      const clock = read(micros);
      return clock?.time === "00:00:00" ? clock.date : undefined;
    },
  };
}

function infinity(micros: bigint): string | undefined {
  if (micros >= INFINITY_MICROS) return "infinity";
  return micros <= -INFINITY_MICROS ? "-infinity" : undefined;
}

function fractionText(micros: number): string {
  if (micros === 0) return "";
  return micros % 1000 === 0
    ? `.${String(micros / 1000).padStart(3, "0")}`
    : `.${String(micros).padStart(6, "0")}`;
}

function clockText(seconds: number): string {
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/**
 * The proleptic Gregorian date of a day number since 1970-01-01. The engine
 * stores years that `Date` cannot, so the calendar is computed here, by Howard
 * Hinnant's `civil_from_days`.
 */
function civilDate(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${isoYear(year)}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

function isoYear(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, "0");
  return `${year < 0 ? "-" : "+"}${String(Math.abs(year)).padStart(6, "0")}`;
}

function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
