import { isObject } from "../../otlp/json/read.ts";
import { attributeList, nanosOf, present, type Row, requestOf } from "./flat-values.ts";

/** Zones differ by whole quarters of an hour, nanoseconds. */
const QUARTER_HOUR = 900_000_000_000n;

/**
 * A row of the tables that the Collector's ClickHouse exporter fills (otel_logs, otel_metrics_sum,
 * otel_metrics_gauge, otel_traces), as `FORMAT JSONEachRow` prints it, written as an export request.
 * Undefined for any other object.
 */
export function clickHouseRequest(row: Row): unknown {
  const resource = row["ResourceAttributes"];
  if (!isObject(resource)) return undefined;
  const { LogAttributes: log, SpanAttributes: span, Attributes: point } = row as Attributes;
  if (isObject(log)) return logRequest(row, resource, log);
  if (isObject(span)) return spanRequest(row, resource, span);
  if (isObject(point) && typeof row["MetricName"] === "string" && row["Value"] !== undefined) {
    return metricRequest(row, resource, point);
  }
  return undefined;
}

interface Attributes {
  readonly LogAttributes?: unknown;
  readonly SpanAttributes?: unknown;
  readonly Attributes?: unknown;
}

function logRequest(row: Row, resource: Row, attributes: Row): unknown {
  const body = row["Body"];
  const name = row["EventName"];
  return requestOf("logs", resource, row, {
    timeUnixNano: zonedTime(row["Timestamp"], attributes["event.timestamp"]),
    body: typeof body === "string" ? { stringValue: body } : undefined,
    severityText: row["SeverityText"],
    severityNumber: row["SeverityNumber"],
    attributes: attributeList(attributes),
    traceId: row["TraceId"],
    spanId: row["SpanId"],
    eventName: name,
  });
}

function metricRequest(row: Row, resource: Row, attributes: Row): unknown {
  const temporality = row["AggregationTemporality"];
  const dataPoints = [
    present({
      attributes: attributeList(attributes),
      startTimeUnixNano: nanosOf(row["StartTimeUnix"]),
      timeUnixNano: nanosOf(row["TimeUnix"]),
      asDouble: row["Value"],
    }),
  ];
  const data =
    temporality === undefined
      ? { gauge: { dataPoints } }
      : {
          sum: {
            dataPoints,
            aggregationTemporality: Number(temporality),
            isMonotonic: row["IsMonotonic"] === true || row["IsMonotonic"] === 1,
          },
        };
  return requestOf("metrics", resource, row, {
    name: row["MetricName"],
    unit: row["MetricUnit"],
    description: row["MetricDescription"],
    ...data,
  });
}

function spanRequest(row: Row, resource: Row, attributes: Row): unknown {
  const start = nanosOf(row["Timestamp"]);
  const duration = row["Duration"];
  const hasEnd = start !== undefined && /^\d+$/.test(String(duration));
  return requestOf("spans", resource, row, {
    traceId: row["TraceId"],
    spanId: row["SpanId"],
    parentSpanId: row["ParentSpanId"],
    traceState: row["TraceState"],
    name: row["SpanName"],
    startTimeUnixNano: start,
    endTimeUnixNano: hasEnd ? `${BigInt(start) + BigInt(String(duration))}` : undefined,
    attributes: attributeList(attributes),
  });
}

/**
 * The time of a row, which is printed in the zone of the server without saying which: the event's
 * own time shows the zone, if it has one.
 */
function zonedTime(printed: unknown, own: unknown): string | number | undefined {
  const time = nanosOf(printed);
  const event = nanosOf(own);
  if (time === undefined || event === undefined) return time ?? event;
  const ahead = BigInt(time) - BigInt(event);
  const half = ahead < 0n ? -QUARTER_HOUR / 2n : QUARTER_HOUR / 2n;
  const zone = ((ahead + half) / QUARTER_HOUR) * QUARTER_HOUR;
  return zone === 0n ? time : `${BigInt(time) - zone}`;
}
