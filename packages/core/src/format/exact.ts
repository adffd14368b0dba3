import type { Instant, Value } from "../store/session.ts";
import { trimZeros } from "./numbers.ts";
import { isInstant, isNumericType, isZonelessType } from "./sheet.ts";
import { isoUtc } from "./time.ts";

/**
 * A value as JSON, nothing rounded: a number where a double holds it exactly,
 * else a string; instants as ISO 8601 UTC; NaN and infinities as strings; a
 * column of type JSON as the JSON it is.
 */
export function exactJson(value: Value, type = ""): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "bigint":
      return isSafe(value) ? String(value) : `"${value}"`;
    case "number":
      return Number.isFinite(value) ? numberText(value, type) : `"${value}"`;
    case "string":
      return stringJson(value, type);
    default:
      break;
  }
  if (isInstant(value)) return `"${instantText(value, type)}"`;
  if (isList(value)) return `[${value.map((item) => exactJson(item)).join(",")}]`;
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}:${exactJson(field)}`,
  );
  return `{${fields.join(",")}}`;
}

/** A value as text, nothing rounded; a missing value is undefined. */
export function exactText(value: Value, type = ""): string | undefined {
  if (value === null) return undefined;
  if (typeof value === "string") return type.startsWith("DECIMAL") ? trimZeros(value) : value;
  if (typeof value === "number") return numberText(value, type);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return isInstant(value) ? instantText(value, type) : exactJson(value);
}

/** In UTC; a timestamp of no time zone is written without one. */
function instantText(value: Instant, type: string): string {
  const iso = isoUtc(value.micros);
  return isZonelessType(type) ? iso.replace(/Z$/, "") : iso;
}

function stringJson(value: string, type: string): string {
  if (type === "JSON") return isJson(value) ? value : JSON.stringify(value);
  if (!isNumericType(type)) return JSON.stringify(value);
  const digits = trimZeros(value);
  return String(Number(digits)) === digits ? digits : JSON.stringify(digits);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function numberText(value: number, type: string): string {
  if (Object.is(value, -0)) return "-0";
  return String(type === "FLOAT" ? shortestFloat(value) : value);
}

/** The shortest decimal that is the same 32-bit number. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}
