import protobuf from "protobufjs/light.js";
import {
  type FieldPresence,
  type FieldShape,
  isScalarType,
  type MessageName,
  messageShapes,
  type ScalarType,
} from "./schema.ts";

/**
 * Decodes one protobuf message into the JSON the Collector writes for it:
 * camelCase keys, 64-bit numbers as decimal strings, enums as numbers, ids in
 * hexadecimal, bytes in base64, NaN and the infinities as strings, fields left
 * out as the Collector leaves them out. Bytes of fields that this version does
 * not know stand in `unknownFields`, base64, in the message that had them.
 *
 * Throws what the protobuf reader throws on bytes that are no message.
 * Source: opentelemetry-collector pdata/internal/generated_proto_*.go.
 */
export function messageToJson(bytes: Uint8Array, message: MessageName): Record<string, unknown> {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  const decoded = types.lookupType(message).decode(reader);
  return toJson(decoded as unknown as DecodedMessage, message);
}

/** What protobufjs makes of a message: own properties for what was sent. */
interface DecodedMessage {
  readonly [field: string]: unknown;
  readonly $unknowns?: readonly Uint8Array[];
}

interface FieldPlan {
  readonly name: string;
  readonly presence: FieldPresence;
  readonly convert: (value: unknown) => unknown;
  /** The value where none was sent; undefined leaves the field out. */
  readonly absent: () => unknown;
}

const scalars: Readonly<Record<ScalarType, (value: unknown) => unknown>> = {
  string: (value) => value,
  bytes: (value) => base64(value as Uint8Array),
  bool: (value) => value,
  int32: (value) => value,
  uint32: (value) => value,
  sint32: (value) => value,
  fixed32: (value) => value,
  // Objects with the two halves, whose text is exact.
  int64: String,
  uint64: String,
  fixed64: String,
  sfixed64: String,
  double: (value) => (Number.isFinite(value) ? value : String(value)),
};

const types = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messageShapes).map(([name, shape]) => [name, describe(Object.entries(shape))]),
  ),
});

const plans = new Map<string, readonly FieldPlan[]>(
  Object.entries(messageShapes).map(([name, shape]) => [
    name,
    Object.entries(shape).map(([field, fieldShape]) => plan(field, fieldShape)),
  ]),
);

/** A message as protobufjs wants it, with presence of every field kept: `toJson` decides. */
function describe(fields: readonly (readonly [string, FieldShape])[]): protobuf.IType {
  const choices = fields.filter(([, field]) => field[2] === "oneof").map(([name]) => name);
  return {
    edition: "proto3",
    // The Collector does not check UTF-8 either; bad bytes become U+FFFD.
    options: { features: { field_presence: "EXPLICIT", utf8_validation: "NONE" } },
    ...(choices.length === 0 ? {} : { oneofs: { oneof: { oneof: choices } } }),
    fields: Object.fromEntries(
      fields.map(([name, [id, type, presence]]) => [
        name,
        presence === "repeated" ? { id, type, rule: "repeated" } : { id, type },
      ]),
    ),
  };
}

function plan(name: string, [, type, presence]: FieldShape): FieldPlan {
  const one =
    presence === "hex"
      ? (value: unknown) => hex(value as Uint8Array)
      : isScalarType(type)
        ? scalars[type]
        : (value: unknown) => toJson(value as DecodedMessage, type);
  const convert =
    presence === "repeated"
      ? (value: unknown) => (value as unknown[]).map((item) => one(item))
      : one;
  return { name, presence, convert, absent: () => (presence === "always" ? one({}) : undefined) };
}

function toJson(message: DecodedMessage, type: MessageName): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const { name, presence, convert, absent } of plans.get(type) ?? []) {
    const value = Object.hasOwn(message, name) ? convert(message[name]) : absent();
    if (value !== undefined && isWritten(value, presence)) {
      json[name] = value;
    }
  }
  if (message.$unknowns !== undefined) {
    json["unknownFields"] = base64(concat(message.$unknowns));
  }
  return json;
}

function isWritten(value: unknown, presence: FieldPresence): boolean {
  switch (presence) {
    case "always":
    case "optional":
    case "oneof":
      return true;
    case "repeated":
      return (value as unknown[]).length > 0;
    case "hex":
      return /[^0]/.test(value as string);
    case "plain":
      // Go's own test of a zero: minus zero is one.
      return value !== 0 && value !== "0" && value !== "" && value !== false;
  }
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    text += hexDigits[byte];
  }
  return text;
}

function base64(bytes: Uint8Array): string {
  return protobuf.util.base64.encode(bytes, 0, bytes.length);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
