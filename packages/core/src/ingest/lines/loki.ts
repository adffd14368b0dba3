import { attributeOfLabel, isOfResource } from "../../model/label-names.ts";
import { isObject } from "../../otlp/json/read.ts";
import { attributeList, nanosOf, type Row, requestOf } from "./flat-values.ts";

/** One entry of a log of Loki. */
interface Entry {
  readonly labels: Row;
  readonly time: unknown;
  readonly line: unknown;
}

/** What Loki and its clients add, or keep of a record beside its attributes. */
const NO_ATTRIBUTE =
  /^(?:detected_level|level|flags|severity_(?:text|number)|observed_timestamp|scope_name|scope_version|trace_id|span_id|__.*)$/;

/**
 * The log records in what Loki gives out, as logcli, the API and Grafana's Explore write it, as an
 * export request. Labels and structured metadata are the attributes of records that were sent as
 * OTLP, with underscores for dots. Undefined for entries that name no event, and other objects.
 */
export function lokiRequest(row: Row): unknown {
  const resourceLogs = entriesOf(row).flatMap((entry) => recordOf(entry)?.resourceLogs ?? []);
  return resourceLogs.length === 0 ? undefined : { resourceLogs };
}

function entriesOf(row: Row): readonly Entry[] {
  const { stream, values, line } = row as { stream?: unknown; values?: unknown; line?: unknown };
  if (isObject(stream) && Array.isArray(values)) {
    return values.flatMap((value): readonly Entry[] =>
      Array.isArray(value)
        ? [{ labels: { ...stream, ...metadataOf(value[2]) }, time: value[0], line: value[1] }]
        : [],
    );
  }
  const labels = [row["labels"], row["fields"]].filter(isObject);
  if (typeof line !== "string" || labels.length === 0) return [];
  return [{ labels: Object.assign({}, ...labels) as Row, time: row["timestamp"], line }];
}

/** Metadata of one entry; newer servers keep it by where it came from. */
function metadataOf(value: unknown): Row {
  if (!isObject(value)) return {};
  const { structuredMetadata, parsed } = value as Row;
  const parts = [structuredMetadata, parsed].filter(isObject);
  return parts.length === 0 ? value : (Object.assign({}, ...parts) as Row);
}

function recordOf({ labels, time, line }: Entry): { resourceLogs: unknown[] } | undefined {
  if (typeof labels["event_name"] !== "string") return undefined;
  const named = Object.entries(labels)
    .filter(([label]) => !NO_ATTRIBUTE.test(label))
    .map(([label, value]) => [attributeOfLabel(label), value] as const);
  const resource = Object.fromEntries(named.filter(([name]) => isOfResource(name)));
  const attributes = Object.fromEntries(named.filter(([name]) => !isOfResource(name)));
  const scope = { ScopeName: labels["scope_name"], ScopeVersion: labels["scope_version"] };
  return requestOf("logs", resource, scope, {
    timeUnixNano: nanosOf(time) ?? nanosOf(attributes["event.timestamp"]),
    observedTimeUnixNano: nanosOf(labels["observed_timestamp"]),
    body: typeof line === "string" ? { stringValue: line } : undefined,
    attributes: attributeList(attributes),
    traceId: labels["trace_id"],
    spanId: labels["span_id"],
  }) as { resourceLogs: unknown[] };
}
