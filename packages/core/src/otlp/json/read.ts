import { exactInteger } from "../exact-number.ts";
import { namesOfField } from "../field-names.ts";
import { readId } from "../ids.ts";
import type { Problems } from "../problems.ts";
import type { AttributeValue, KeyValue } from "../sink.ts";
import { AnyValueReader } from "./any-value.ts";
import { readDouble, readEnum, readInteger, readSmallInteger, readTime } from "./numbers.ts";
import type { FieldType, MessageType } from "./schema.ts";

/** A field as read: 64-bit integers as bigint, ids in lower case, lists and messages within. */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | readonly KeyValue[]
  | AttributeValue
  | MessageValue
  | readonly FieldValue[];

/** A message as read. Fields that are absent, or zero and not of a oneof, are not there. */
export interface MessageValue {
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** Fields this version does not know, as JSON texts. */
  readonly unknown: readonly (readonly [name: string, json: string])[];
}

const noUnknown: readonly (readonly [string, string])[] = [];
const aliases = new WeakMap<MessageType, ReadonlyMap<string, string>>();

/**
 * Reads a message of a given type from parsed JSON, as leniently as the
 * Collector's own reader: numbers as numbers or strings, enums as numbers or
 * names, snake_case names, null for absent. What does not fit is reported. An odd
 * time or id alone costs no record its usage: it stands among the unknown fields as it was sent.
 */
export function readMessage(input: unknown, type: MessageType, problems: Problems): MessageValue {
  const fields = new Map<string, FieldValue>();
  if (!isObject(input)) {
    problems.report("", "is not an object");
    return { fields, unknown: noUnknown };
  }
  let unknown: [string, string][] | undefined;
  const outer = problems.extraCount;
  const names = namesOf(type);
  for (const key of Object.keys(input)) {
    const given = input[key];
    if (given === null || given === undefined) continue;
    const name = names.get(key);
    if (name === undefined) {
      unknown ??= [];
      unknown.push([key, new AnyValueReader(problems).plainJson(given)]);
      continue;
    }
    const field = type[name];
    if (field === undefined) continue;
    const value = readField(given, field.type, name, problems);
    if (isKeptAsSent(given, field.type, value)) {
      unknown ??= [];
      unknown.push([name, new AnyValueReader(problems).plainJson(given)]);
    }
    if (value !== undefined && (field.oneof || !isZero(value))) fields.set(name, value);
  }
  if (problems.extraCount === outer) return { fields, unknown: unknown ?? noUnknown };
  return { fields, unknown: [...(unknown ?? noUnknown), ...problems.takeExtras(outer)] };
}

/** Whether a time or an id is kept as it was sent: it was not read, or not as OTLP writes it. */
function isKeptAsSent(given: unknown, type: FieldType, value: FieldValue | undefined): boolean {
  if (type === "hex") return value === undefined;
  if (type !== "time") return false;
  return value === undefined || exactInteger(String(given)) === undefined;
}

/** Reads a list of attributes. */
function readAttributes(input: unknown, problems: Problems): readonly KeyValue[] {
  if (!Array.isArray(input)) {
    problems.report("attributes", "is not a list");
    return [];
  }
  const reader = new AnyValueReader(problems);
  return input.map((each: unknown) => reader.keyValue(each));
}

/** Whether parsed JSON is an object that is not a list. */
export function isObject(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

function namesOf(type: MessageType): ReadonlyMap<string, string> {
  const known = aliases.get(type);
  if (known !== undefined) return known;
  const names = new Map(
    Object.keys(type).flatMap((name) => namesOfField(name).map((each) => [each, name])),
  );
  aliases.set(type, names);
  return names;
}

function readField(
  input: unknown,
  type: FieldType,
  name: string,
  problems: Problems,
): FieldValue | undefined {
  if (typeof type !== "string") return readComposite(input, type, name, problems);
  switch (type) {
    case "time":
      return readTime(input, problems);
    case "uint64":
    case "int64":
      return readInteger(input, type, name, problems);
    case "uint32":
    case "int32":
      return readSmallInteger(input, type, name, problems);
    case "double":
      return readDouble(input, name, problems);
    case "hex":
      return readId(input, name);
    case "attributes":
      return readAttributes(input, problems);
    case "any":
      return new AnyValueReader(problems).value(input);
    case "bool":
      if (typeof input === "boolean") return input;
      break;
    default:
      if (typeof input === "string") return input;
  }
  problems.report(name, `is not a ${type}`);
  return undefined;
}

function readComposite(
  input: unknown,
  type: Exclude<FieldType, string>,
  name: string,
  problems: Problems,
): FieldValue | undefined {
  if ("names" in type) return readEnum(input, type, name, problems);
  if ("message" in type)
    return problems.within(name, () => readMessage(input, type.message, problems));
  if (!Array.isArray(input)) {
    problems.report(name, "is not a list");
    return undefined;
  }
  return input.flatMap((each: unknown, index) => {
    const value = readField(each, type.list, `${name}[${index}]`, problems);
    return value === undefined ? [] : [value];
  });
}

function isZero(value: FieldValue): boolean {
  if (value === "" || value === 0 || value === 0n || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMessage(value) && value.fields.size === 0 && value.unknown.length === 0;
}

/** Whether a field holds a message. */
export function isMessage(value: FieldValue | undefined): value is MessageValue {
  return typeof value === "object" && "fields" in value;
}
