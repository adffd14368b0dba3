import { type MessageName, messageShapes } from "@cctelemetry/core/otlp";

/**
 * The order in which the Collector writes the fields of a message, where it is
 * not that of their numbers (pdata/internal/generated_proto_*.go).
 */
const written: Partial<Record<MessageName, readonly string[]>> = {
  LogRecord: [
    "timeUnixNano",
    "observedTimeUnixNano",
    "severityNumber",
    "severityText",
    "body",
    "attributes",
    "droppedAttributesCount",
    "flags",
    "traceId",
    "spanId",
    "eventName",
  ],
  NumberDataPoint: [
    "attributes",
    "startTimeUnixNano",
    "timeUnixNano",
    "asDouble",
    "asInt",
    "exemplars",
    "flags",
  ],
  HistogramDataPoint: [
    "attributes",
    "startTimeUnixNano",
    "timeUnixNano",
    "count",
    "sum",
    "bucketCounts",
    "explicitBounds",
    "exemplars",
    "flags",
    "min",
    "max",
  ],
  SummaryDataPoint: [
    "attributes",
    "startTimeUnixNano",
    "timeUnixNano",
    "count",
    "sum",
    "quantileValues",
    "flags",
  ],
  Exemplar: ["filteredAttributes", "timeUnixNano", "asDouble", "asInt", "traceId", "spanId"],
  Span: [
    "traceId",
    "spanId",
    "traceState",
    "parentSpanId",
    "flags",
    "name",
    "kind",
    "startTimeUnixNano",
    "endTimeUnixNano",
    "attributes",
    "droppedAttributesCount",
    "events",
    "droppedEventsCount",
    "links",
    "droppedLinksCount",
    "status",
  ],
};

/** The fields of a message in the order in which the Collector writes them. */
export function writtenOrder(message: MessageName): readonly string[] {
  return written[message] ?? Object.keys(messageShapes[message]);
}
