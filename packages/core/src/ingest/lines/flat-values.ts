import { isObject } from "../../otlp/json/read.ts";

/** A record as an object of parsed JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** An attribute as OTLP/JSON has it. */
export interface JsonAttribute {
  readonly key: string;
  readonly value: unknown;
}

const VALUE_NAME = /^(?:string|bool|int|double|array|kvlist|bytes)_?value$/i;
const MOST_DEPTH = 8;

/** An object of attributes as the list that OTLP has; objects within give names with dots. */
export function attributeList(map: Row, prefix = "", depth = 0): JsonAttribute[] {
  return Object.entries(map).flatMap(([name, value]) => {
    const key = prefix + name;
    const isMap = isObject(value) && !isAnyValue(value) && depth < MOST_DEPTH;
    if (isMap) return attributeList(value, `${key}.`, depth + 1);
    return value === null || value === undefined ? [] : [{ key, value: anyValue(value) }];
  });
}

/** The text of a body in the forms that exporters give it. */
export function bodyText(body: unknown): string | undefined {
  if (typeof body === "string") return body;
  if (!isObject(body)) return undefined;
  const text = body["text"] ?? body["stringValue"] ?? body["string_value"];
  return typeof text === "string" ? text : undefined;
}

/** A request of one record. Members without a value are left out. */
export function requestOf(
  signal: "logs" | "metrics" | "spans",
  resource: Row,
  scope: Row,
  record: Row,
): unknown {
  const [resources, scopes, records] = {
    logs: ["resourceLogs", "scopeLogs", "logRecords"],
    metrics: ["resourceMetrics", "scopeMetrics", "metrics"],
    spans: ["resourceSpans", "scopeSpans", "spans"],
  }[signal] as [string, string, string];
  const name =
    scope["ScopeName"] ?? (isObject(scope["scope"]) ? scope["scope"]["name"] : undefined);
  const version =
    scope["ScopeVersion"] ?? (isObject(scope["scope"]) ? scope["scope"]["version"] : undefined);
  const named = present({ name: textOf(name), version: textOf(version) });
  const inner = { scope: named, [records]: [present(record)] };
  return {
    [resources]: [{ resource: { attributes: attributeList(resource) }, [scopes]: [inner] }],
  };
}

/**
 * A time as nanoseconds since 1970 in decimal text, of an ISO time (without a zone: UTC) or a
 * number or digits in seconds, milli-, micro- or nanoseconds, separated by their size. Numbers in
 * nanoseconds stay numbers, so that it is seen that they may be rounded. Undefined for others.
 */
export function nanosOf(time: unknown): string | number | undefined {
  if (typeof time === "number") return time >= NANOS_FROM ? time : scaled(String(time));
  if (typeof time !== "string") return undefined;
  if (/^\d+(?:\.\d+)?$/.test(time)) return Number(time) >= NANOS_FROM ? time : scaled(time);
  const parts = ISO_TIME.exec(time);
  if (parts === null) return undefined;
  const [, day, clock, fraction = "", zone = "Z"] = parts;
  const millis = Date.parse(`${day}T${clock}${/^(?:utc|z)$/i.test(zone.trim()) ? "Z" : zone}`);
  if (Number.isNaN(millis)) return undefined;
  return `${BigInt(millis) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"))}`;
}

const ISO_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const MILLIS_FROM = 1e11;
const MICROS_FROM = 1e14;
const NANOS_FROM = 1e17;

function scaled(digits: string): string | undefined {
  const value = Number(digits);
  if (!Number.isFinite(value) || value < 0) return undefined;
  const places = value >= MICROS_FROM ? 3 : value >= MILLIS_FROM ? 6 : 9;
  const [whole = "0", fraction = ""] = digits.split(".");
  if (!/^\d+$/.test(whole)) return undefined;
  return `${BigInt(whole + fraction.slice(0, places).padEnd(places, "0"))}`;
}

function anyValue(value: unknown): unknown {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (isObject(value) && !isAnyValue(value)) {
    return { kvlistValue: { values: attributeList(value, "", MOST_DEPTH) } };
  }
  return value ?? {};
}

function isAnyValue(value: Row): boolean {
  const names = Object.keys(value);
  return names.length === 1 && VALUE_NAME.test(names[0] ?? "");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An object without its members that have no value. */
export function present(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== undefined && value !== ""),
  );
}
