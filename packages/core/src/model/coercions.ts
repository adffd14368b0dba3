/** How texts and numbers become the values of typed columns. Each gives NaN or 0 where the column cannot hold it. */

import { exactInteger, roundedInteger } from "../otlp/exact-number.ts";
import { END_OF_MONEY } from "./request-cost.ts";

const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 63n - 1n;
const EPOCH_DAY_2000 = 10957;
const NANO_USD = 1e9;

/** The integer a text in UTF-8 stands for, if it is written as JSON would and has at most 15 digits. */
export function integerOfText(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at++;
  const digits = end - at;
  if (digits < 1 || digits > 15) return Number.NaN;
  if (bytes[at] === 0x30 && (digits > 1 || negative)) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

/** The 64-bit integer a number stands for exactly, whatever its spelling; undefined for any other text. */
export function wideIntegerOfText(text: string): bigint | undefined {
  const value = exactInteger(text);
  return value === undefined || !fitsColumn(value) ? undefined : value;
}

/** The 64-bit integer a double is, if it is one. */
export function integerOfDouble(value: number): bigint | undefined {
  if (!Number.isInteger(value)) return undefined;
  const integer = BigInt(value);
  return fitsColumn(integer) ? integer : undefined;
}

/** Whether an integer can be staged: of the 64-bit ones all but the least, which is NULL there. */
export function fitsColumn(value: bigint): boolean {
  return value > LEAST_INTEGER && value <= GREATEST_INTEGER;
}

/** Whether an integer is written as a column gives it back. */
export function isPlainInteger(text: string): boolean {
  return /^(0|-?[1-9]\d*)$/.test(text);
}

/** Whether an amount is written in a way that a column of amounts gives back as well as a double does. */
export function isPlainAmount(text: string): boolean {
  return text.length <= 24 && /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d{1,3})?$/i.test(text);
}

/** USD of a text as a whole number of billionths, rounded; undefined if it is no number or beyond what money may be. */
export function billionthsOfText(text: string): bigint | undefined {
  const value = roundedInteger(text, 9);
  return value === undefined || value <= -END_OF_MONEY || value >= END_OF_MONEY ? undefined : value;
}

/** USD as a whole number of billionths; NaN beyond nine million USD, up to where a double holds them. */
export function billionths(usd: number): number {
  const value = Math.round(usd * NANO_USD);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

/** Whether billionths of a USD represent exactly what was sent. */
export function isExact(usd: number, value: number): boolean {
  return value / NANO_USD === usd;
}

/** 1 for the text false, 2 for the text true, else 0. */
export function truthOfText(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 4 && matches(bytes, start, "true")) return 2;
  if (end - start === 5 && matches(bytes, start, "false")) return 1;
  return 0;
}

/**
 * Microseconds since 1970 of a text `YYYY-MM-DDTHH:MM:SS.mmmZ` in UTF-8, the
 * form of event.timestamp; NaN for any other form, so that what is stored can
 * be turned back into the text.
 */
export function microsOfTimestamp(bytes: Uint8Array, start: number, end: number): number {
  if (end - start !== 24 || bytes[start + 10] !== 0x54 || bytes[start + 23] !== 0x5a)
    return Number.NaN;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  const milli = digits(bytes, start + 20, 3);
  const separated =
    bytes[start + 4] === 0x2d &&
    bytes[start + 7] === 0x2d &&
    bytes[start + 13] === 0x3a &&
    bytes[start + 16] === 0x3a &&
    bytes[start + 19] === 0x2e;
  const valid =
    separated &&
    year >= 1970 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!valid) return Number.NaN;
  return (
    ((((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 +
      milli) *
    1000
  );
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since 1970-01-01 in the Gregorian calendar, counted from March 2000. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const march = month > 2 ? month - 3 : month + 9;
  const years = (month > 2 ? year : year - 1) - 2000;
  const leaps = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return EPOCH_DAY_2000 + 60 + years * 365 + leaps + Math.floor((153 * march + 2) / 5) + day - 1;
}

function matches(bytes: Uint8Array, start: number, word: string): boolean {
  for (let at = 0; at < word.length; at++)
    if (bytes[start + at] !== word.charCodeAt(at)) return false;
  return true;
}
