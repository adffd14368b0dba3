import {
  type FieldPresence,
  isScalarType,
  type MessageName,
  messageShapes,
  severities,
  snakeCase,
  spanKinds,
  statusCodes,
  temporalities,
} from "@cctelemetry/core/otlp";
import { writtenOrder } from "./order.ts";
import { enumWriter, idWriter, NotOtlp, type ScalarWriter, scalarWriters } from "./scalars.ts";

/** Values may stand in one another this deep: whoever reads the lines allows no more. */
const MAX_DEPTH = 100;

/** What writing a request goes by, and finds out. */
export interface WriteState {
  /** Whether names in snake_case are looked for. */
  readonly names: "camelCase" | "both";
  /** Log records, data points and spans so far. */
  records: number;
}

/** A state for one request. */
export function writeState(names: WriteState["names"]): WriteState {
  return { names, records: 0 };
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
  readonly snake: string;
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
  /** Members of the message's oneof, by all their names. */
  readonly choices: ReadonlySet<string>;
  /** Whether the message is a value that may hold values. */
  readonly nests: boolean;
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
      snake: snakeCase(name),
      key: `"${name}":`,
      presence,
      scalar,
      message: isScalarType(type) ? message : type,
      counts: recordLists.has(name),
    };
  });
  const choices = fields.filter(({ presence }) => presence === "oneof");
  return {
    fields,
    choices: new Set(choices.flatMap(({ name, snake }) => [name, snake])),
    nests: message === "AnyValue",
  };
}

function write(
  input: unknown,
  plan: MessagePlan,
  name: string,
  state: WriteState,
  outer: number,
): string {
  if (input === undefined || input === null) return write(emptyMessage, plan, name, state, outer);
  if (typeof input !== "object" || Array.isArray(input)) throw new NotOtlp(`${name} is no object`);
  const depth = plan.nests ? outer + 1 : outer;
  if (depth > MAX_DEPTH) throw new NotOtlp(`values are nested deeper than ${MAX_DEPTH}`);
  const message = input as Fields;
  const chosen = plan.choices.size === 0 ? undefined : lastChoice(message, plan.choices);
  let text = "";
  for (const field of plan.fields) {
    const value = fieldOf(message, field, state, chosen);
    if (value === undefined && field.presence !== "always") continue;
    const written = writeField(value, field, state, depth);
    if (written !== undefined) text += `${text === "" ? "" : ","}${field.key}${written}`;
  }
  return `{${text}}`;
}

const emptyMessage: Fields = {};

/** The member of a oneof that counts: the last that was sent. */
function lastChoice(message: Fields, choices: ReadonlySet<string>): string {
  let last = "";
  for (const key of Object.keys(message)) {
    if (choices.has(key) && message[key] !== null) last = key;
  }
  return last;
}

function fieldOf(
  message: Fields,
  { name, snake, presence }: FieldPlan,
  state: WriteState,
  chosen: string | undefined,
): unknown {
  if (presence === "oneof")
    return chosen === name || chosen === snake ? message[chosen] : undefined;
  return message[name] ?? (state.names === "both" ? (message[snake] ?? undefined) : undefined);
}

/** The text of a field; undefined where the Collector leaves it out. */
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
    text += `${text === "" ? "" : ","}${writeOne(each, field, state, depth)}`;
  }
  return text === "" ? undefined : `[${text}]`;
}

function isLeftOut(text: string, presence: FieldPresence): boolean {
  if (presence === "hex") return !/[1-9a-f]/.test(text);
  if (presence !== "plain") return false;
  return text === '"0"' || text === "0" || text === '""' || text === "false" || text === "-0";
}
