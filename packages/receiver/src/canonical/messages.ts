import {
  type FieldPresence,
  isScalarType,
  type MessageName,
  messageShapes,
  namesOfField,
  severities,
  spanKinds,
  statusCodes,
  temporalities,
} from "@cctelemetry/core/otlp";
import { writtenOrder } from "./order.ts";
import {
  enumWriter,
  idWriter,
  NotOtlp,
  quoted,
  type ScalarWriter,
  scalarWriters,
} from "./scalars.ts";

/** Values may stand in one another this deep: whoever reads the lines allows no more. */
const MAX_DEPTH = 100;

/** What writing a request finds out. */
export interface WriteState {
  /** Log records, data points and spans so far. */
  records: number;
}

/**
 * Writes a message as the Collector does: fields in its order, left out as it
 * leaves them out. What is unknown is passed over, null counts as absent.
 *
 * @param input the message as parsed JSON; absent is an empty message
 * @throws NotOtlp where a field is of a wrong type; Inexact as `scalars.ts` says
 */
export function writeMessage(input: unknown, message: MessageName, state: WriteState): string {
  return write(input, plans[message], message, state, 0);
}

type Fields = Readonly<Record<string, unknown>>;

interface FieldPlan {
  readonly name: string;
  /** `"name":` */
  readonly key: string;
  readonly presence: FieldPresence;
  /** How one value is written; a message by its plan. */
  readonly scalar: ScalarWriter | undefined;
  readonly message: MessageName;
  readonly counts: boolean;
}

interface MessagePlan {
  readonly fields: readonly FieldPlan[];
  /** Where a field stands among them, by each of its names. */
  readonly places: ReadonlyMap<string, number>;
  /** Whether the message is one value of several kinds, which may hold values. */
  readonly isValue: boolean;
}

/** Lists whose elements are records. */
const recordLists = new Set(["logRecords", "dataPoints", "spans"]);

const enums: Readonly<Record<string, ScalarWriter>> = {
  severityNumber: enumWriter(severities),
  aggregationTemporality: enumWriter(temporalities),
  kind: enumWriter(spanKinds),
  code: enumWriter(statusCodes),
};

const ids: Readonly<Record<string, ScalarWriter>> = {
  traceId: idWriter(16),
  spanId: idWriter(8),
  parentSpanId: idWriter(8),
};

const plans = Object.fromEntries(
  Object.keys(messageShapes).map((name) => [name, planOf(name as MessageName)]),
) as Readonly<Record<MessageName, MessagePlan>>;

function planOf(message: MessageName): MessagePlan {
  const fields = writtenOrder(message).map((name): FieldPlan => {
    const [, type, presence] = messageShapes[message][name] ?? [0, "string", "plain"];
    const scalar = isScalarType(type)
      ? (ids[name] ?? enums[name] ?? scalarWriters[type])
      : undefined;
    return {
      name,
      key: `"${name}":`,
      presence,
      scalar,
      message: isScalarType(type) ? message : type,
      counts: recordLists.has(name),
    };
  });
  const places = fields.flatMap(({ name }, place) =>
    namesOfField(name).map((each) => [each, place] as const),
  );
  return { fields, places: new Map(places), isValue: message === "AnyValue" };
}

function write(
  input: unknown,
  plan: MessagePlan,
  name: string,
  state: WriteState,
  depth: number,
): string {
  const message = input ?? emptyMessage;
  if (typeof message !== "object" || Array.isArray(message)) {
    throw new NotOtlp(`${name} is no object`);
  }
  return plan.isValue
    ? writeValue(message as Fields, plan, state, depth + 1)
    : writeFields(sentFields(message as Fields, plan), plan, state, depth);
}

const emptyMessage: Fields = {};

/** A value: the last of its kinds that was sent, and nothing else. */
function writeValue(message: Fields, plan: MessagePlan, state: WriteState, depth: number): string {
  if (depth > MAX_DEPTH) throw new NotOtlp(`values are nested deeper than ${MAX_DEPTH}`);
  let text = "{}";
  for (const key in message) {
    const field = plan.fields[plan.places.get(key) ?? -1];
    const value = message[key];
    if (field === undefined || value === null) continue;
    text = `{${field.key}${writeOne(value, field, state, depth)}}`;
  }
  return text;
}

/** What was sent of a message, by the places of its fields; null counts as absent. */
function sentFields(message: Fields, plan: MessagePlan): readonly unknown[] {
  const sent = new Array<unknown>(plan.fields.length);
  let chosen = -1;
  for (const key in message) {
    const place = plan.places.get(key);
    const value = message[key];
    if (place === undefined || value === null) continue;
    sent[place] = value;
    if (plan.fields[place]?.presence !== "oneof") continue;
    // Only the last one sent of a oneof counts.
    if (chosen >= 0 && chosen !== place) sent[chosen] = undefined;
    chosen = place;
  }
  return sent;
}

function writeFields(
  sent: readonly unknown[],
  { fields }: MessagePlan,
  state: WriteState,
  depth: number,
): string {
  let text = "";
  for (let place = 0; place < fields.length; place += 1) {
    const field = fields[place];
    const value = sent[place];
    if (field === undefined || (value === undefined && field.presence !== "always")) continue;
    const written = writeField(value, field, state, depth);
    if (written !== undefined)
      text += text === "" ? field.key + written : `,${field.key}${written}`;
  }
  return `{${text}}`;
}

/** The text of a field; undefined if the Collector leaves it out. */
function writeField(
  value: unknown,
  field: FieldPlan,
  state: WriteState,
  depth: number,
): string | undefined {
  if (field.presence === "repeated") return writeList(value, field, state, depth);
  const text = writeOne(value, field, state, depth);
  return isLeftOut(text, field.presence) ? undefined : text;
}

function writeOne(value: unknown, field: FieldPlan, state: WriteState, depth: number): string {
  if (field.scalar !== undefined) return field.scalar(value, field.name);
  return write(value, plans[field.message], field.name, state, depth);
}

function writeList(
  list: unknown,
  field: FieldPlan,
  state: WriteState,
  depth: number,
): string | undefined {
  if (!Array.isArray(list)) throw new NotOtlp(`${field.name} is not a list`);
  if (field.counts) state.records += list.length;
  let text = "";
  for (const each of list as readonly unknown[]) {
    const written =
      (field.message === "KeyValue" ? writeAttribute(each, state, depth) : undefined) ??
      writeOne(each, field, state, depth);
    text += text === "" ? written : `,${written}`;
  }
  return text === "" ? undefined : `[${text}]`;
}

/**
 * An attribute in the form in which nearly all come, with a key and a value; undefined for any
 * other. They are most of every request, and so written twice as fast.
 */
function writeAttribute(input: unknown, state: WriteState, depth: number): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const { key, value } = input as Fields;
  if (typeof key !== "string" || key === "" || typeof value !== "object" || value === null) {
    return undefined;
  }
  let members = 0;
  for (const _ in input) members += 1;
  if (members !== 2 || Array.isArray(value)) return undefined;
  const written = writeValue(value as Fields, plans.AnyValue, state, depth + 1);
  return `{"key":${quoted(key)},"value":${written}}`;
}

function isLeftOut(text: string, presence: FieldPresence): boolean {
  if (presence === "hex") return !/[1-9a-f]/.test(text);
  if (presence !== "plain") return false;
  return text === '"0"' || text === "0" || text === '""' || text === "false" || text === "-0";
}
