import protobuf from "protobufjs/light.js";
import { messageOf } from "../../errors.ts";
import {
  type FieldShape,
  isScalarType,
  type MessageName,
  messageShapes,
  type ScalarType,
  wireTypes,
} from "./schema.ts";

/**
 * How well bytes fit a message type.
 * - `certain`: some record has fields that only records of this signal have
 * - `likely`: the same, but there are unknown fields or odd values
 * - `possible`: every field is of the type, nothing distinguishes it from its siblings
 * - `tolerable`: the same, but there are unknown fields or odd values
 */
export type Fit =
  | { readonly kind: "certain" | "likely" | "possible" | "tolerable" }
  | { readonly kind: "unfit"; readonly detail: string };

/** Messages may stand in one another this deep, as protobuf's own readers allow. */
const maxMessageDepth = 100;

/**
 * Reads the whole structure of a message by field numbers and wire types.
 *
 * @param checkText whether strings that are not UTF-8 count as odd: the
 *   Collector passes them on, so they prove nothing by themselves.
 * @param top whether the message itself may have fields that are not known, as
 *   one of a known type may; where the type is guessed, they count against it.
 * Never throws; the time is linear in the length.
 */
export function fitMessage(
  bytes: Uint8Array,
  message: MessageName,
  checkText: "text-checked" | "text-skipped",
  top: "known-fields" | "any-fields" = "known-fields",
): Fit {
  const walk: Walk = {
    bytes,
    reader: protobuf.Reader.create(bytes),
    checkText,
    knownDepth: top === "known-fields" ? 0 : -1,
    odd: 0,
    certain: 0,
  };
  try {
    fitFields(walk, message, bytes.length, 0);
  } catch (error) {
    return { kind: "unfit", detail: messageOf(error) };
  }
  if (walk.odd > 0) {
    return { kind: walk.certain > 0 ? "likely" : "tolerable" };
  }
  return { kind: walk.certain > 0 ? "certain" : "possible" };
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly reader: protobuf.Reader;
  readonly checkText: "text-checked" | "text-skipped";
  /** How deep messages stand that may have known fields only. */
  readonly knownDepth: number;
  odd: number;
  certain: number;
}

interface Field {
  readonly name: string;
  readonly type: ScalarType | MessageName;
  readonly wireType: number;
  readonly repeated: boolean;
  readonly hex: boolean;
}

const fieldsOf = new Map<MessageName, ReadonlyMap<number, Field>>(
  Object.entries(messageShapes).map(([message, shape]) => [
    message as MessageName,
    new Map(Object.entries(shape).map(([name, field]) => [field[0], describe(name, field)])),
  ]),
);

function describe(name: string, [, type, presence]: FieldShape): Field {
  const wireType = isScalarType(type) ? wireTypes[type] : 2;
  return { name, type, wireType, repeated: presence === "repeated", hex: presence === "hex" };
}

/** The fields that only this kind of record can have; the seen ones come as bits by number. */
const telltales: Partial<Record<MessageName, (seen: number) => boolean>> = {
  // A time at 1 or 11, where metrics and spans have lengths.
  LogRecord: (seen) => has(seen, 1) || has(seen, 11),
  // A name and data.
  Metric: (seen) => has(seen, 1) && [5, 7, 9, 10, 11].some((id) => has(seen, id)),
  // Both ids and a time at 7 or 8, where the others have none.
  Span: (seen) => has(seen, 1) && has(seen, 2) && (has(seen, 7) || has(seen, 8)),
};

const has = (seen: number, id: number): boolean => (seen & (1 << id)) !== 0;

function fitFields(walk: Walk, message: MessageName, end: number, depth: number): void {
  if (depth > maxMessageDepth) {
    throw new Error(`${message}: messages within messages beyond ${maxMessageDepth}`);
  }
  const { reader } = walk;
  const fields = fieldsOf.get(message);
  let seen = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    const id = tag >>> 3;
    const wireType = tag & 7;
    const field = fields?.get(id);
    if (field === undefined) {
      skipUnknown(walk, message, id, wireType, depth);
    } else {
      const filled = fitField(walk, message, field, wireType, end, depth);
      seen |= filled ? 1 << id : 0;
    }
    if (reader.pos > end) {
      throw new Error(`${message}: a field reaches over the end`);
    }
  }
  walk.certain += telltales[message]?.(seen) === true ? 1 : 0;
}

/** Passes a field this version does not know; a request that is guessed at has but one field. */
function skipUnknown(
  walk: Walk,
  message: MessageName,
  id: number,
  wireType: number,
  depth: number,
): void {
  if (depth === walk.knownDepth || id === 0) {
    throw new Error(`${message}: no field ${id}`);
  }
  walk.reader.skipType(wireType);
  walk.odd += 1;
}

/** Passes one known field; false where it is there but empty. */
function fitField(
  walk: Walk,
  message: MessageName,
  field: Field,
  wireType: number,
  end: number,
  depth: number,
): boolean {
  const { reader } = walk;
  const packed = wireType === 2 && field.repeated && field.wireType !== 2;
  if (wireType !== field.wireType && !packed) {
    throw new Error(`${message}.${field.name} has wire type ${wireType}`);
  }
  if (wireType !== 2) {
    reader.skipType(wireType);
    return true;
  }
  const length = reader.uint32();
  const stop = reader.pos + length;
  if (stop > end) {
    throw new Error(`${message}.${field.name} reaches over the end`);
  }
  if (packed) {
    fitPacked(reader, field.wireType, stop);
  } else if (isScalarType(field.type)) {
    fitText(walk, field, stop);
  } else {
    fitFields(walk, field.type, stop, depth + 1);
  }
  if (reader.pos !== stop) {
    throw new Error(`${message}.${field.name} reaches over its end`);
  }
  // An empty data message of a metric is data; an empty id or name is none.
  return length > 0 || (!isScalarType(field.type) && message === "Metric");
}

function fitPacked(reader: protobuf.Reader, wireType: number, stop: number): void {
  while (reader.pos < stop) {
    reader.skipType(wireType);
  }
}

function fitText(walk: Walk, field: Field, stop: number): void {
  const { bytes, reader } = walk;
  const length = stop - reader.pos;
  if (field.hex && length !== 0 && length !== (field.name === "traceId" ? 16 : 8)) {
    walk.odd += 1;
  }
  if (field.type === "string" && walk.checkText === "text-checked") {
    walk.odd += isUtf8(bytes.subarray(reader.pos, stop)) ? 0 : 1;
  }
  reader.skip(length);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
