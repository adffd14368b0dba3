import { exactInteger } from "../exact-number.ts";
import type { Problems } from "../problems.ts";
import type { AttributeValue, KeyValue } from "../sink.ts";
import { readDouble, readInteger } from "./numbers.ts";

/** Protobuf's own limit on nested messages. */
const MAX_DEPTH = 100;

const members: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  stringValue: "string",
  string_value: "string",
  boolValue: "bool",
  bool_value: "bool",
  intValue: "int",
  int_value: "int",
  doubleValue: "double",
  double_value: "double",
  arrayValue: "array",
  array_value: "array",
  kvlistValue: "kvlist",
  kvlist_value: "kvlist",
  bytesValue: "bytes",
  bytes_value: "bytes",
});

const nothing: AttributeValue = { kind: "complex", json: "null", wire: "{}" };

/** Reads AnyValue and KeyValue (opentelemetry-proto common/v1) from parsed JSON. */
export class AnyValueReader {
  private readonly problems: Problems;
  private depth = 0;
  /** Where fields without a place are said to stand. */
  private place = "value";

  constructor(problems: Problems) {
    this.problems = problems;
  }

  /** An attribute; a missing key is the empty key, as protobuf has it. */
  keyValue(input: unknown): KeyValue {
    if (typeof input !== "object" || input === null || Array.isArray(input)) {
      this.problems.report("attributes", "holds something that is not an attribute");
      return { key: "", value: nothing };
    }
    const { key = "", value } = input as { key?: unknown; value?: unknown };
    if (typeof key !== "string")
      this.problems.report("attributes", "has a key that is not a string");
    if (this.depth === 0) this.place = `attributes.${key}`;
    this.keepOthers(input, (name) => name === "key" || name === "value");
    return { key: String(key), value: this.value(value) };
  }

  /** A value; an absent or empty one is null. */
  value(input: unknown): AttributeValue {
    if (input === undefined || input === null) return nothing;
    if (typeof input !== "object" || Array.isArray(input)) {
      this.problems.report("value", "is not an object");
      return nothing;
    }
    if (++this.depth > MAX_DEPTH) {
      this.problems.report("value", `is nested deeper than ${MAX_DEPTH}`);
      this.depth--;
      return nothing;
    }
    const value = this.member(input as Record<string, unknown>);
    this.depth--;
    return value;
  }

  /** Any parsed JSON as JSON text again, nested at most as deep as values. */
  plainJson(input: unknown): string {
    if (++this.depth > MAX_DEPTH) {
      this.problems.report("field", `is nested deeper than ${MAX_DEPTH}`);
      this.depth--;
      return "null";
    }
    let json: string;
    if (Array.isArray(input)) {
      json = `[${input.map((each: unknown) => this.plainJson(each)).join(",")}]`;
    } else if (typeof input === "object" && input !== null) {
      const parts = Object.entries(input).map(
        ([key, value]) => `${quoted(key)}:${this.plainJson(value)}`,
      );
      json = `{${parts.join(",")}}`;
    } else {
      if (typeof input === "number" && isRounded(input)) this.problems.inexact = true;
      json = typeof input === "string" ? quoted(input) : (JSON.stringify(input) ?? "null");
    }
    this.depth--;
    return json;
  }

  private member(input: Readonly<Record<string, unknown>>): AttributeValue {
    const given = Object.keys(input).filter((name) => input[name] !== null);
    const known = given.find((name) => members[name] !== undefined);
    const type = members[known ?? ""];
    if (known !== undefined && type !== undefined) {
      if (given.length > 1) this.keepOthers(input, (name) => name === known);
      return this.typed(type, input[known]);
    }
    if (given.length === 0) return nothing;
    const json = this.plainJson(input);
    return { kind: "complex", json, wire: `{"?":${json}}` };
  }

  /** Keeps what has no place in an attribute or value: fields this version does not know, or a second value. */
  private keepOthers(input: object, isKnown: (name: string) => boolean): void {
    for (const [name, other] of Object.entries(input)) {
      if (isKnown(name) || other === null) continue;
      this.problems.extra(`${this.place}.${name}`, this.plainJson(other));
    }
  }

  private typed(type: string, given: unknown): AttributeValue {
    if (type === "string" && typeof given === "string") return { kind: "text", text: given };
    if (type === "bool" && typeof given === "boolean") return { kind: "bool", value: given };
    if (type === "int") {
      const value = readInteger(given, "int64", "intValue", this.problems);
      return value === undefined ? nothing : { kind: "int", value };
    }
    if (type === "double") {
      if (typeof given === "number" && isRounded(given)) this.problems.inexact = true;
      const value = readDouble(given, "doubleValue", this.problems);
      return value === undefined ? nothing : doubleOf(value, given);
    }
    if (type === "bytes" && typeof given === "string") {
      return { kind: "complex", json: quoted(given), wire: `{"b":${quoted(given)}}` };
    }
    if (type === "array" || type === "kvlist") return this.list(type, given);
    this.problems.report(`${type}Value`, `is not a ${type}`);
    return nothing;
  }

  private list(type: "array" | "kvlist", given: unknown): AttributeValue {
    const values: unknown =
      typeof given === "object" && given !== null ? (given as { values?: unknown }).values : false;
    if (values !== undefined && values !== null && !Array.isArray(values)) {
      this.problems.report(`${type}Value`, "is not a list of values");
      return nothing;
    }
    if (typeof given === "object" && given !== null) {
      this.keepOthers(given, (name) => name === "values");
    }
    if (type === "array") {
      const items = (values ?? []).map((each: unknown) => this.value(each));
      const json = items.map(plain).join(",");
      return { kind: "complex", json: `[${json}]`, wire: `{"a":[${items.map(wire).join(",")}]}` };
    }
    const pairs = (values ?? []).map((each: unknown) => this.keyValue(each));
    const json = pairs.map(({ key, value }) => `${quoted(key)}:${plain(value)}`).join(",");
    const members = pairs.map(({ key, value }) => `[${quoted(key)},${wire(value)}]`).join(",");
    return { kind: "complex", json: `{${json}}`, wire: `{"k":[${members}]}` };
  }
}

/** A double, with the integer that was written for it where the double is another. */
function doubleOf(value: number, given: unknown): AttributeValue {
  if (Number.isSafeInteger(value) || !Number.isInteger(value)) return { kind: "double", value };
  const spelled = typeof given === "string" ? exactInteger(given) : undefined;
  const rounded = spelled !== undefined && spelled !== BigInt(value);
  return rounded ? { kind: "double", value, spelled } : { kind: "double", value };
}

/** Whether a number may stand for an integer that it does not hold. */
function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** A value as plain JSON text; doubles keep a point so that they stay doubles. */
export function plain(value: AttributeValue): string {
  switch (value.kind) {
    case "text":
      return quoted(value.text);
    case "int":
      return value.value.toString();
    case "double":
      return doubleJson(value.value);
    case "bool":
      return value.value ? "true" : "false";
    case "complex":
      return value.json;
  }
}

/** A text as a JSON string; a lone surrogate, which UTF-8 cannot hold, becomes U+FFFD. */
export function quoted(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** A double as JSON: with a point or an exponent; NaN and the infinities as strings. */
export function doubleJson(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return "-0.0";
  const digits = String(value);
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

/** A value as JSON that includes its type. */
function wire(value: AttributeValue): string {
  if (value.kind === "complex") return value.wire;
  const tags = { text: "s", int: "i", double: "d", bool: "t" } as const;
  return `{"${tags[value.kind]}":${plain(value)}}`;
}
