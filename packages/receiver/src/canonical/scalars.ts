import { hexOfId, type ScalarType } from "@cctelemetry/core/otlp";

/** A request has content that OTLP does not define; the message names it. */
export class NotOtlp extends Error {}

/** A record, or what surrounds records, is larger than any reader of the file accepts. */
export class TooLarge extends Error {}

/** A bare number stands where an integer beyond 2^53 may have been meant: read the text exactly. */
export class Inexact extends Error {}

/** Gives the JSON text of a value as the Collector writes it. Throws `NotOtlp` or `Inexact`. */
export type ScalarWriter = (input: unknown, name: string) => string;

/** How each scalar type is read, leniently, and written. */
export const scalarWriters: Readonly<Record<ScalarType, ScalarWriter>> = {
  string: (input, name) => {
    if (typeof input === "string") return quoted(input);
    throw new NotOtlp(`${name} is not a string`);
  },
  bytes: bytesText,
  bool: (input, name) => {
    if (typeof input === "boolean") return input ? "true" : "false";
    throw new NotOtlp(`${name} is not a boolean`);
  },
  int32: smallInteger(-(2 ** 31), 2 ** 31 - 1, "an int32"),
  sint32: smallInteger(-(2 ** 31), 2 ** 31 - 1, "an int32"),
  uint32: smallInteger(0, 2 ** 32 - 1, "a uint32"),
  fixed32: smallInteger(0, 2 ** 32 - 1, "a uint32"),
  int64: largeInteger(-(2n ** 63n), 2n ** 63n - 1n, "an int64"),
  sfixed64: largeInteger(-(2n ** 63n), 2n ** 63n - 1n, "an int64"),
  uint64: largeInteger(0n, 2n ** 64n - 1n, "a uint64"),
  fixed64: largeInteger(0n, 2n ** 64n - 1n, "a uint64"),
  double: doubleText,
};

/** An enum: a number, or one of its names. */
export function enumWriter(type: {
  readonly names: readonly string[];
  readonly prefix: string;
}): ScalarWriter {
  const numbers = new Map(type.names.map((name, number) => [`${type.prefix}${name}`, `${number}`]));
  return (input, name) => {
    const known = typeof input === "string" ? numbers.get(input) : undefined;
    return known ?? scalarWriters.int32(input, name);
  };
}

/** An id of a given number of bytes, in hexadecimal digits or base64, or none. */
export function idWriter(bytes: number): ScalarWriter {
  return (input, name) => {
    const hex = typeof input === "string" && input !== "" ? hexOfId(input, bytes) : input;
    if (typeof hex === "string") return `"${hex}"`;
    throw new NotOtlp(`${name} is not ${bytes} bytes in hexadecimal digits or base64`);
  };
}

/** Anything but what stands in a JSON string as it is; surrogates might be lone. */
const UNSAFE = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** A text as a JSON string: what must be escaped is, and nothing else. */
export function quoted(text: string): string {
  if (!UNSAFE.test(text)) return `"${text}"`;
  // Go knows no short form of these two.
  return JSON.stringify(text.toWellFormed()).replace(SHORT_ESCAPES, (all) =>
    all === "\\b" ? "\\u0008" : all === "\\f" ? "\\u000c" : all,
  );
}

/** Every escape, so that a doubled backslash is never taken for the beginning of one. */
const SHORT_ESCAPES = /\\[^u]/g;

function bytesText(input: unknown, name: string): string {
  // Both alphabets of base64, padded or not.
  if (typeof input !== "string" || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(input)) {
    throw new NotOtlp(`${name} is not base64`);
  }
  return `"${Buffer.from(input, "base64").toString("base64")}"`;
}

function smallInteger(least: number, greatest: number, kind: string): ScalarWriter {
  return (input, name) => {
    const value =
      typeof input === "string" && /^[-+]?\d{1,20}$/.test(input) ? Number(input) : input;
    if (typeof value === "number" && Number.isInteger(value)) {
      if (value >= least && value <= greatest) return String(value);
    }
    throw new NotOtlp(`${name} is not ${kind}`);
  };
}

function largeInteger(least: bigint, greatest: bigint, kind: string): ScalarWriter {
  return (input, name) => {
    if (typeof input === "string") {
      // Times, nearly always: they need no checking against the limits.
      if (/^[1-9]\d{0,17}$/.test(input)) return `"${input}"`;
      if (/^[-+]?\d{1,40}$/.test(input)) {
        const value = BigInt(input.replace("+", ""));
        if (value >= least && value <= greatest) return `"${value}"`;
      }
    } else if (typeof input === "number" && Number.isInteger(input)) {
      if (!Number.isSafeInteger(input)) throw new Inexact(`${name} is beyond 2^53`);
      if (BigInt(input) >= least) return `"${BigInt(input)}"`;
    }
    throw new NotOtlp(`${name} is not ${kind}`);
  };
}

const DOUBLE = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;

const SPECIAL: ReadonlyMap<unknown, string> = new Map([
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["+Infinity", "Infinity"],
  ["-Infinity", "-Infinity"],
]);

function doubleText(input: unknown, name: string): string {
  const special = SPECIAL.get(input);
  if (special !== undefined) return `"${special}"`;
  const value = typeof input === "string" && DOUBLE.test(input) ? Number(input) : input;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new NotOtlp(`${name} is not a double`);
  }
  if (Object.is(value, -0)) return "-0";
  // Go writes exponents with two digits at least.
  return String(value).replace(/e([-+])(\d)$/, "e$10$2");
}
