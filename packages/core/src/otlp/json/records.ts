import { type LogKind, logKind } from "../event-names.ts";
import type { Problems } from "../problems.ts";
import type { AttributeValue, KeyValue, NanoTime, RecordSink } from "../sink.ts";
import { doubleJson, plain, quoted } from "./any-value.ts";
import { splitNanos } from "./numbers.ts";
import { type FieldValue, isMessage, type MessageValue, readMessage } from "./read.ts";
import { logRecord, type MessageType, spanKinds, span as spanType, statusCodes } from "./schema.ts";

const scratchTime: NanoTime = { low: 0, high: 0, nanos: 0 };

/** Reads one log record into the sink. Nothing is written if `problems` has any. */
export function writeLogRecord(input: unknown, sink: RecordSink, problems: Problems): boolean {
  const record = readMessage(input, logRecord, problems);
  if (problems.count > 0) return false;
  const { fields } = record;
  const body = fields.get("body") as AttributeValue | undefined;
  const attributes = attributesOf(record);
  const eventName = textOf(record, "eventName");
  sink.beginRecord(kindOfLog(body, attributes, eventName, sink));
  if (eventName !== undefined) sink.eventName(eventName);
  const others = otherFields(record, logRecord, logColumns);
  const time = writeTime(record, "timeUnixNano", "observedTimeUnixNano", others, sink);
  const observed = fields.get("observedTimeUnixNano");
  if (typeof observed === "bigint") sink.observedTime(splitNanos(observed, time));
  if (body?.kind === "text") sink.text("body", body.text);
  else if (body !== undefined) others.push(["body", plain(body)], ["bodyWire", wireOf(body)]);
  writeText(record, "traceId", "trace_id", sink);
  writeText(record, "spanId", "span_id", sink);
  finish(others, attributes, sink);
  return true;
}

/** Reads one span into the sink. */
export function writeSpan(input: unknown, sink: RecordSink, problems: Problems): boolean {
  const record = readMessage(input, spanType, problems);
  if (problems.count > 0) return false;
  const { fields } = record;
  sink.beginRecord("span");
  const others = otherFields(record, spanType, spanColumns);
  const time = writeTime(record, "startTimeUnixNano", "endTimeUnixNano", others, sink);
  const end = fields.get("endTimeUnixNano");
  if (typeof end === "bigint") sink.endTime(splitNanos(end, time));
  writeText(record, "traceId", "trace_id", sink);
  writeText(record, "spanId", "span_id", sink);
  writeText(record, "parentSpanId", "parent_span_id", sink);
  writeText(record, "traceState", "trace_state", sink);
  writeText(record, "name", "span_name", sink);
  sink.text("span_kind", nameOf(spanKinds, fields.get("kind")));
  const status = fields.get("status");
  const message = isMessage(status) ? status : undefined;
  sink.text("status_code", nameOf(statusCodes, message?.fields.get("code")));
  if (message !== undefined) writeText(message, "message", "status_message", sink);
  for (const [name, json] of message?.unknown ?? []) others.push([`status.${name}`, json]);
  for (const list of ["events", "links"] as const) {
    const field = spanType[list];
    const value = fields.get(list);
    if (value !== undefined && field !== undefined) sink.text(list, toJson(value));
  }
  finish(others, attributesOf(record), sink);
  return true;
}

/** What a record type keeps in columns; every other field goes to other_fields. */
export type ColumnFields = ReadonlySet<string>;

const logColumns: ColumnFields = new Set([
  "timeUnixNano",
  "observedTimeUnixNano",
  "body",
  "attributes",
  "traceId",
  "spanId",
]);

const spanColumns: ColumnFields = new Set([
  "traceId",
  "spanId",
  "traceState",
  "parentSpanId",
  "name",
  "kind",
  "startTimeUnixNano",
  "endTimeUnixNano",
  "attributes",
  "events",
  "links",
  "status",
]);

/** The fields of a record without a column and those unknown to this version, as JSON members. */
export function otherFields(
  record: MessageValue,
  type: MessageType,
  columns: ColumnFields,
): [name: string, json: string][] {
  const others: [string, string][] = [];
  for (const name of Object.keys(type)) {
    const value = columns.has(name) ? undefined : record.fields.get(name);
    if (value !== undefined) others.push([name, toJson(value)]);
  }
  for (const [name, json] of record.unknown) others.push([name, json]);
  return others;
}

/** Writes the time of a record; where it is unset, another of its times stands in and the others say so. */
export function writeTime(
  record: MessageValue,
  name: string,
  fallback: string,
  others: [string, string][],
  sink: RecordSink,
): NanoTime {
  const time = record.fields.get(name);
  if (typeof time === "bigint") {
    sink.time(splitNanos(time, scratchTime));
  } else {
    const instead = record.fields.get(fallback);
    if (!others.some(([each]) => each === name)) others.push([name, '"0"']);
    sink.time(splitNanos(typeof instead === "bigint" ? instead : 0n, scratchTime));
  }
  return scratchTime;
}

/** Writes the rest of a record and ends it. */
export function finish(
  others: readonly (readonly [string, string])[],
  attributes: readonly KeyValue[],
  sink: RecordSink,
): void {
  if (others.length > 0) sink.text("other_fields", objectJson(others));
  for (const attribute of attributes) sink.attribute(attribute);
  sink.endRecord();
}

/** The attributes of a record. */
export function attributesOf(record: MessageValue): readonly KeyValue[] {
  return (record.fields.get("attributes") ?? []) as readonly KeyValue[];
}

/** A field as JSON: 64-bit integers as decimal text, attributes as an object. */
export function toJson(value: FieldValue): string {
  if (typeof value === "bigint") return `"${value}"`;
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : doubleJson(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return quoted(value);
  if (isMessage(value)) {
    const members = [...value.fields].map(([name, each]) => [name, toJson(each)] as const);
    return objectJson([...members, ...value.unknown]);
  }
  if (isList(value)) {
    if (value.length > 0 && value.every(isKeyValue)) {
      return objectJson(value.map((each) => [each.key, plain(each.value)] as const));
    }
    return `[${(value as readonly FieldValue[]).map(toJson).join(",")}]`;
  }
  return plain(value as AttributeValue);
}

/** Members as a JSON object. */
export function objectJson(members: readonly (readonly [name: string, json: string])[]): string {
  return `{${members.map(([name, json]) => `${quoted(name)}:${json}`).join(",")}}`;
}

/** The name of an enum's value in lower case; a value without a name as its number. */
function nameOf(
  type: { readonly names: readonly string[] },
  value: FieldValue | undefined,
): string {
  const number = typeof value === "number" ? value : 0;
  return (type.names[number] ?? String(number)).toLowerCase();
}

function writeText(
  record: MessageValue,
  name: string,
  column: Parameters<RecordSink["text"]>[0],
  sink: RecordSink,
): void {
  const value = textOf(record, name);
  if (value !== undefined) sink.text(column, value);
}

function textOf(record: MessageValue, name: string): string | undefined {
  const value = record.fields.get(name);
  return typeof value === "string" ? value : undefined;
}

function kindOfLog(
  body: AttributeValue | undefined,
  attributes: readonly KeyValue[],
  eventName: string | undefined,
  sink: RecordSink,
): LogKind {
  const named = attributes.find(({ key }) => key === "event.name")?.value;
  const names = {
    attribute: named?.kind === "text" ? named.text : undefined,
    field: eventName,
    body: body?.kind === "text" ? body.text : undefined,
  };
  return logKind(names, () => sink.isAnothers());
}

/** A body that is no string keeps its exact type beside its plain form. */
function wireOf(body: AttributeValue): string {
  if (body.kind === "complex") return body.wire;
  return `{"${body.kind}":${plain(body)}}`;
}

function isList(value: FieldValue): value is readonly KeyValue[] | readonly FieldValue[] {
  return Array.isArray(value);
}

function isKeyValue(value: KeyValue | FieldValue): value is KeyValue {
  return typeof value === "object" && "key" in value && "value" in value;
}
