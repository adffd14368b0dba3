const MOST_CHARACTERS = 64;
const isoTime =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * Nanoseconds since 1970 of a date and time in ISO 8601, with or without a fraction and an offset
 * (UTC where there is none); undefined for anything else, and before 1970.
 */
export function nanosOfIsoTime(text: string): bigint | undefined {
  const parts = text.length > MOST_CHARACTERS ? null : isoTime.exec(text.trim());
  if (parts === null) return undefined;
  const [, date, time, seconds = "00", fraction = "", zone = "Z"] = parts;
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^(...)(\d\d)$/, "$1:$2");
  // Date.parse takes the 30th of February for the 2nd of March.
  if (date === undefined || isoDate(Date.parse(`${date}T00:00:00Z`)) !== date) return undefined;
  const millis = Date.parse(`${date}T${time}:${seconds}${offset.toUpperCase()}`);
  if (!(millis >= 0)) return undefined;
  return BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

function isoDate(millis: number): string {
  return Number.isNaN(millis) ? "" : new Date(millis).toISOString().slice(0, 10);
}
