import { exactInteger, roundedInteger } from "../exact-number.ts";
import { nanosOfIsoTime } from "../iso-time.ts";
import type { Problems } from "../problems.ts";
import type { NanoTime } from "../sink.ts";

const ranges = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
} as const;

/** An integer, given as decimal text in any spelling or as a number. */
export function readInteger(
  input: unknown,
  type: keyof typeof ranges,
  name: string,
  problems: Problems,
): bigint | undefined {
  const [least, greatest] = ranges[type];
  let value: bigint | undefined;
  if (typeof input === "string") value = exactInteger(input);
  else if (typeof input === "number" && Number.isInteger(input)) {
    if (!Number.isSafeInteger(input)) problems.inexact = true;
    value = BigInt(input);
  }
  if (value !== undefined && value >= least && value <= greatest) return value;
  problems.report(name, `is not a ${type}`);
  return undefined;
}

/**
 * A time as an integer, in whichever unit it was sent: nanoseconds as OTLP has them; seconds,
 * milliseconds or microseconds with a fraction in the least unit that makes them whole; nanoseconds
 * of a text in ISO 8601. Undefined for what is no time, and beyond 64 bits.
 */
export function readTime(input: unknown, problems: Problems): bigint | undefined {
  if (typeof input === "number") {
    if (Number.isInteger(input) && !Number.isSafeInteger(input)) problems.inexact = true;
    return wholeTime(String(input));
  }
  if (typeof input !== "string") return undefined;
  return wholeTime(input) ?? nanosOfIsoTime(input);
}

function wholeTime(text: string): bigint | undefined {
  let value = exactInteger(text);
  for (const power of [3, 6, 9]) {
    if (value !== undefined) break;
    value = power < 9 ? exactInteger(text, power) : roundedInteger(text, power);
  }
  const [least, greatest] = ranges.uint64;
  return value === undefined || value < least || value > greatest ? undefined : value;
}

/** A 32-bit integer, given as decimal text or as a number. */
export function readSmallInteger(
  input: unknown,
  type: "int32" | "uint32",
  name: string,
  problems: Problems,
): number | undefined {
  const value = readInteger(input, type, name, problems);
  return value === undefined ? undefined : Number(value);
}

/** A double, given as a number or as text; NaN and the infinities as OTLP/JSON writes them. */
export function readDouble(input: unknown, name: string, problems: Problems): number | undefined {
  if (typeof input === "number" && Number.isFinite(input)) return input;
  if (typeof input === "string") {
    if (input === "NaN") return Number.NaN;
    if (input === "Infinity") return Number.POSITIVE_INFINITY;
    if (input === "-Infinity") return Number.NEGATIVE_INFINITY;
    if (/^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/.test(input)) {
      const value = Number(input);
      if (Number.isFinite(value)) return value;
    }
  }
  problems.report(name, "is not a double");
  return undefined;
}

/** An enum, given as a number or by one of its names, with or without the prefix. */
export function readEnum(
  input: unknown,
  type: { readonly names: readonly string[]; readonly prefix: string },
  name: string,
  problems: Problems,
): number | undefined {
  if (typeof input === "string") {
    const short = input.startsWith(type.prefix) ? input.slice(type.prefix.length) : input;
    const value = type.names.indexOf(short);
    if (value >= 0) return value;
  }
  return readSmallInteger(input, "int32", name, problems);
}

/** Splits nanoseconds since 1970 into microseconds and the rest. */
export function splitNanos(value: bigint, into: NanoTime): NanoTime {
  const micros = value / 1000n;
  into.low = Number(BigInt.asIntN(32, micros));
  into.high = Number(BigInt.asIntN(32, micros >> 32n));
  into.nanos = Number(value % 1000n);
  return into;
}
