import {
  isObject,
  isScalarType,
  type MessageName,
  messageShapes,
  namesOfField,
  requestMessages,
} from "@cctelemetry/core/otlp";
import type { Signal } from "../export-request.ts";
import { NotOtlp } from "./scalars.ts";

/**
 * The signals that a request in JSON has lists of, the one it was sent as first. A body may have
 * come to another signal's path: it is of those that it says itself.
 *
 * @param names the members of the request; of none it is empty, and of the signal it was sent as
 * @throws NotOtlp where no member is a list of any signal
 */
export function signalsOf(sentAs: Signal, names: readonly string[]): readonly Signal[] {
  const [first] = names;
  if (first === undefined) return [sentAs];
  const signals = (Object.keys(lists) as Signal[]).filter((signal) =>
    lists[signal].some((name) => names.includes(name)),
  );
  if (signals.length > 0) {
    return signals.sort((one, other) => Number(other === sentAs) - Number(one === sentAs));
  }
  throw new NotOtlp(
    `the body has none of ${Object.values(lists)
      .map(([name]) => name)
      .join(", ")}, but "${shortened(first)}"`,
  );
}

/** The names of the members of an object that are not null. */
export function presentNames(root: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(root).filter((name) => root[name] !== null);
}

/**
 * The first name in a request without records that is not known and holds something, on the way to
 * where records stand; undefined if there is none.
 */
export function passedOver(input: unknown, message: MessageName): string | undefined {
  if (!isObject(input)) return undefined;
  const fields = new Map(
    Object.entries(messageShapes[message]).flatMap(([name, shape]) =>
      namesOfField(name).map((each) => [each, shape] as const),
    ),
  );
  for (const [name, value] of Object.entries(input)) {
    const [, type, presence] = fields.get(name) ?? [];
    if (type === undefined) {
      if (hasContent(value)) return shortened(name);
    } else if (presence === "repeated" && !isScalarType(type) && Array.isArray(value)) {
      for (const each of value as readonly unknown[]) {
        const within = passedOver(each, type);
        if (within !== undefined) return within;
      }
    }
  }
  return undefined;
}

/** The list that makes a request one of a signal, by both of its names. */
const lists: Readonly<Record<Signal, readonly string[]>> = {
  logs: namesOf(requestMessages.logs),
  metrics: namesOf(requestMessages.metrics),
  traces: namesOf(requestMessages.traces),
};

function namesOf(message: MessageName): readonly string[] {
  return Object.keys(messageShapes[message]).flatMap(namesOfField);
}

function hasContent(value: unknown): boolean {
  if (Array.isArray(value) || isObject(value)) return Object.keys(value).length > 0;
  return typeof value === "string" && value !== "";
}

const LONGEST_NAME = 60;

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
