import { namesOfField } from "../field-names.ts";
import type { Problems } from "../problems.ts";
import type { MetricDataType, MetricDescription, RecordSink, Temporality } from "../sink.ts";
import { AnyValueReader } from "./any-value.ts";
import { readEnum, splitNanos } from "./numbers.ts";
import { isObject, type MessageValue, readMessage } from "./read.ts";
import {
  attributesOf,
  type ColumnFields,
  finish,
  objectJson,
  otherFields,
  toJson,
  writeTime,
} from "./records.ts";
import {
  exponentialHistogramDataPoint,
  histogramDataPoint,
  type MessageType,
  metric as metricType,
  numberDataPoint,
  summaryDataPoint,
  temporalities,
} from "./schema.ts";

const LEAST_INTEGER = -(2n ** 63n);
const temporalityNames: readonly Temporality[] = ["unspecified", "delta", "cumulative"];

interface DataKind {
  readonly type: MetricDataType;
  readonly point: MessageType;
  readonly hasTemporality: boolean;
}

const dataKinds: Readonly<Record<string, DataKind>> = {
  sum: { type: "sum", point: numberDataPoint, hasTemporality: true },
  gauge: { type: "gauge", point: numberDataPoint, hasTemporality: false },
  histogram: { type: "histogram", point: histogramDataPoint, hasTemporality: true },
  exponentialHistogram: {
    type: "exponential_histogram",
    point: exponentialHistogramDataPoint,
    hasTemporality: true,
  },
  summary: { type: "summary", point: summaryDataPoint, hasTemporality: false },
};

const dataNames: ReadonlyMap<string, DataKind> = new Map(
  Object.entries(dataKinds).flatMap(([name, kind]) =>
    namesOfField(name).map((each) => [each, kind] as const),
  ),
);

const pointColumns: ColumnFields = new Set([
  "attributes",
  "startTimeUnixNano",
  "timeUnixNano",
  "asDouble",
  "asInt",
]);
const distributionFields = [
  "count",
  "sum",
  "min",
  "max",
  "bucketCounts",
  "explicitBounds",
  "scale",
  "zeroCount",
  "zeroThreshold",
  "positive",
  "negative",
  "quantileValues",
] as const;
const allPointColumns: ColumnFields = new Set([...pointColumns, ...distributionFields]);

/** What became of the points of a metric. */
export interface PointCounts {
  readonly written: number;
  readonly rejected: number;
}

/** Reads one metric with its points into the sink. `onProblem` hears of each point that does not fit. */
export function writeMetric(
  input: unknown,
  sink: RecordSink,
  problems: Problems,
  onProblem: () => void,
): PointCounts {
  if (!isObject(input)) {
    problems.report("", "is not an object");
    onProblem();
    return { written: 0, rejected: 1 };
  }
  const { rest, data } = splitMetric(input);
  const header = readMessage(rest, metricType, problems);
  const [unknown] = header.unknown;
  if (data.length === 0 && unknown !== undefined) {
    problems.report(unknown[0], "is no kind of data this version knows");
  }
  if (problems.count > 0) {
    onProblem();
    return { written: 0, rejected: 1 };
  }
  let written = 0;
  let rejected = 0;
  for (const [kind, given] of data) {
    const counts = writeData(header, kind, given, sink, problems, onProblem);
    written += counts.written;
    rejected += counts.rejected;
  }
  return { written, rejected };
}

/**
 * What the points of a metric have in common, read from the metric with an empty list of them;
 * undefined if it does not fit or holds no single kind of data.
 */
export function describeMetric(input: unknown, problems: Problems): MetricDescription | undefined {
  if (!isObject(input)) return undefined;
  const { rest, data } = splitMetric(input);
  const [only, ...more] = data;
  if (only === undefined || more.length > 0 || !isObject(only[1])) return undefined;
  if (!Array.isArray(only[1]["dataPoints"])) return undefined;
  const header = readMessage(rest, metricType, problems);
  const description = describe(header, only[0], only[1], problems);
  return problems.count > 0 ? undefined : description;
}

function splitMetric(input: Readonly<Record<string, unknown>>): {
  rest: Record<string, unknown>;
  data: [DataKind, unknown][];
} {
  const rest: Record<string, unknown> = Object.create(null);
  const data: [DataKind, unknown][] = [];
  for (const key of Object.keys(input)) {
    const kind = dataNames.get(key);
    const given = input[key];
    if (kind === undefined) rest[key] = given;
    else if (given !== null) data.push([kind, given]);
  }
  return { rest, data };
}

function writeData(
  header: MessageValue,
  kind: DataKind,
  given: unknown,
  sink: RecordSink,
  problems: Problems,
  onProblem: () => void,
): PointCounts {
  problems.clear();
  const data = isObject(given) ? given : {};
  const points = data["dataPoints"] ?? data["data_points"] ?? [];
  const description = describe(header, kind, data, problems);
  if (!isObject(given) || !Array.isArray(points)) {
    problems.report(kind.type, "is not a list of data points");
  }
  if (problems.count > 0) {
    onProblem();
    return { written: 0, rejected: 1 };
  }
  let written = 0;
  let rejected = 0;
  sink.beginMetric();
  for (const point of points as readonly unknown[]) {
    problems.clear();
    if (writePoint(point, kind, sink, problems)) written++;
    else {
      rejected++;
      onProblem();
    }
  }
  sink.endMetric(sink.openMetric(description));
  return { written, rejected };
}

function describe(
  header: MessageValue,
  kind: DataKind,
  data: Readonly<Record<string, unknown>>,
  problems: Problems,
): MetricDescription {
  const given = data["aggregationTemporality"] ?? data["aggregation_temporality"] ?? 0;
  const temporality = readEnum(given, temporalities, "aggregationTemporality", problems) ?? 0;
  const monotonic = data["isMonotonic"] ?? data["is_monotonic"] ?? false;
  if (typeof monotonic !== "boolean") problems.report("isMonotonic", "is not a bool");
  const others = [
    ...otherFields(header, metricType, new Set(["name", "description", "unit"])),
    ...unknownData(data, problems),
  ];
  return {
    name: text(header, "name"),
    description: text(header, "description"),
    unit: text(header, "unit"),
    dataType: kind.type,
    temporality: kind.hasTemporality ? (temporalityNames[temporality] ?? "unspecified") : undefined,
    monotonic: kind.type === "sum" ? monotonic === true : undefined,
    other: others.length === 0 ? undefined : objectJson(others),
  };
}

function writePoint(input: unknown, kind: DataKind, sink: RecordSink, problems: Problems): boolean {
  const record = readMessage(input, kind.point, problems);
  if (problems.count > 0) return false;
  const { fields } = record;
  sink.beginRecord("point");
  const others = otherFields(record, kind.point, allPointColumns);
  const time = writeTime(record, "timeUnixNano", "startTimeUnixNano", others, sink);
  const start = fields.get("startTimeUnixNano");
  if (typeof start === "bigint") sink.startTime(splitNanos(start, time));
  const double = fields.get("asDouble");
  const integer = fields.get("asInt");
  if (typeof integer === "bigint") {
    sink.integerValue(integer);
    // What the columns of values cannot hold: the least integer, and a second value.
    if (integer === LEAST_INTEGER) others.push(["asInt", toJson(integer)]);
    if (double !== undefined) others.push(["asDouble", toJson(double)]);
  } else if (typeof double === "number") sink.doubleValue(double);
  const distribution = distributionFields.flatMap((name) => {
    const value = fields.get(name);
    return value === undefined ? [] : [[name, toJson(value)] as const];
  });
  if (distribution.length > 0) sink.text("distribution", objectJson(distribution));
  finish(others, attributesOf(record), sink);
  return true;
}

const dataFields: ReadonlySet<string> = new Set(
  ["dataPoints", "aggregationTemporality", "isMonotonic"].flatMap(namesOfField),
);

function unknownData(
  data: Readonly<Record<string, unknown>>,
  problems: Problems,
): [string, string][] {
  return Object.keys(data)
    .filter((name) => !dataFields.has(name))
    .map((name) => [`data.${name}`, new AnyValueReader(problems).plainJson(data[name])]);
}

function text(header: MessageValue, name: string): string {
  const value = header.fields.get(name);
  return typeof value === "string" ? value : "";
}
