import { isOfResource } from "../../model/label-names.ts";
import { isObject } from "../../otlp/json/read.ts";
import { clickHouseRequest } from "./clickhouse.ts";
import type { Wanted } from "./envelope.ts";
import { attributeList, bodyText, nanosOf, type Row, requestOf } from "./flat-values.ts";
import { lokiRequest } from "./loki.ts";

/**
 * What other exporters make of one record, or of the records of one resource: written as an export
 * request where nothing of its meaning has to be guessed.
 */
export const flattened: Wanted = {
  asRequest: flattenedRequest,
  spokenOf: /attributes|event[._]name/i,
};

function flattenedRequest(value: unknown): unknown {
  if (!isObject(value)) return undefined;
  return looseEntry(value) ?? clickHouseRequest(value) ?? lokiRequest(value) ?? flatLog(value);
}

const entryLists: Readonly<Record<string, string>> = {
  scopeLogs: "resourceLogs",
  scope_logs: "resourceLogs",
  scopeMetrics: "resourceMetrics",
  scope_metrics: "resourceMetrics",
  scopeSpans: "resourceSpans",
  scope_spans: "resourceSpans",
};

/** One entry of a request by itself, as exporters write it that send a line for each resource. */
function looseEntry(value: Row): unknown {
  for (const [name, resources] of Object.entries(entryLists)) {
    if (Array.isArray(value[name])) return { [resources]: [withLists(value)] };
  }
  return undefined;
}

/** The same with every object of attributes as the list that OTLP has. */
function withLists(value: unknown, depth = 0): unknown {
  if (depth > 12) return value;
  if (Array.isArray(value)) return value.map((each) => withLists(each, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === "attributes" && isObject(each) ? attributeList(each) : withLists(each, depth + 1),
    ]),
  );
}

const timeNames: readonly string[] = [
  "timeUnixNano",
  "time_unix_nano",
  "timestamp",
  "@timestamp",
  "Timestamp",
  "time",
];
const observedNames: readonly string[] = [
  "observedTimeUnixNano",
  "observed_time_unix_nano",
  "observedTimestamp",
  "observed_timestamp",
];

/**
 * One log record with its attributes as an object: what Elasticsearch, Vector and scripts keep. It
 * must name its event, since anything may have a body and attributes.
 */
function flatLog(row: Row): unknown {
  const attributes = row["attributes"] ?? row["Attributes"] ?? ownAttributes(row);
  if (!isObject(attributes)) return undefined;
  const body = bodyText(row["body"] ?? row["Body"] ?? row["message"]);
  const named = attributes["event.name"] ?? row["event_name"] ?? row["eventName"];
  if (typeof named !== "string" && body?.startsWith("claude_code.") !== true) return undefined;
  const list = attributeList(attributes);
  if (typeof named === "string" && attributes["event.name"] === undefined) {
    list.push({ key: "event.name", value: { stringValue: named } });
  }
  return requestOf("logs", resourceOf(row), row, {
    timeUnixNano: timeOf(row, timeNames) ?? nanosOf(attributes["event.timestamp"]),
    observedTimeUnixNano: timeOf(row, observedNames),
    body: body === undefined ? undefined : { stringValue: body },
    attributes: list,
    traceId: row["traceId"] ?? row["trace_id"],
    spanId: row["spanId"] ?? row["span_id"],
  });
}

const ABOUT_RECORD =
  /^(?:body|message|(?:observed_?)?(?:@?time|@?timestamp)|(?:trace|span)[._]?id)$/i;

/**
 * The attributes of a record that has them as members of its own, as Honeycomb and New Relic write
 * it: it names event and session as Claude Code does.
 */
function ownAttributes(row: Row): Row | undefined {
  if (typeof row["event.name"] !== "string" || typeof row["session.id"] !== "string") {
    return undefined;
  }
  const names = Object.keys(row).filter((name) => !isOfResource(name) && !ABOUT_RECORD.test(name));
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

/** The attributes of the resource, with or without a level of their own. */
function resourceOf(row: Row): Row {
  const resource = row["resource"] ?? row["Resource"] ?? row["resources"];
  if (!isObject(resource)) {
    return Object.fromEntries(Object.entries(row).filter(([name]) => isOfResource(name)));
  }
  const inner = resource["attributes"];
  return isObject(inner) ? inner : resource;
}

function timeOf(row: Row, names: readonly string[]): string | number | undefined {
  const name = names.find((each) => row[each] !== undefined && row[each] !== null);
  return name === undefined ? undefined : nanosOf(row[name]);
}
