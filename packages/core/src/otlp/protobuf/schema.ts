/**
 * How a field stands in the Collector's JSON.
 * - `plain`: left out when zero or empty
 * - `repeated`: a list, left out when empty
 * - `always`: a message that is written even when it was not sent
 * - `optional`: written whenever it was sent, zero or not
 * - `oneof`: as `optional`, and only the last one sent of its message counts
 * - `hex`: a trace or span id: hexadecimal digits, left out when empty or all zero
 */
export type FieldPresence = "plain" | "repeated" | "always" | "optional" | "oneof" | "hex";

/** Scalar types of protobuf that OTLP uses. */
export type ScalarType =
  | "string"
  | "bytes"
  | "bool"
  | "int32"
  | "uint32"
  | "sint32"
  | "fixed32"
  | "int64"
  | "uint64"
  | "fixed64"
  | "sfixed64"
  | "double";

/** Messages of OTLP, nested ones under a name of their own. */
export type MessageName =
  | "LogsData"
  | "ResourceLogs"
  | "ScopeLogs"
  | "LogRecord"
  | "MetricsData"
  | "ResourceMetrics"
  | "ScopeMetrics"
  | "Metric"
  | "Gauge"
  | "Sum"
  | "Histogram"
  | "ExponentialHistogram"
  | "Summary"
  | "NumberDataPoint"
  | "HistogramDataPoint"
  | "ExponentialHistogramDataPoint"
  | "Buckets"
  | "SummaryDataPoint"
  | "ValueAtQuantile"
  | "Exemplar"
  | "TracesData"
  | "ResourceSpans"
  | "ScopeSpans"
  | "Span"
  | "SpanEvent"
  | "SpanLink"
  | "Status"
  | "Resource"
  | "EntityRef"
  | "InstrumentationScope"
  | "KeyValue"
  | "AnyValue"
  | "ArrayValue"
  | "KeyValueList";

/** One field: its number, its type (enums are int32) and how it stands in JSON. */
export type FieldShape = readonly [
  id: number,
  type: ScalarType | MessageName,
  presence: FieldPresence,
];

/** The fields of one message by their JSON names. */
export type MessageShape = Readonly<Record<string, FieldShape>>;

/** How each scalar travels: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
export const wireTypes: Readonly<Record<ScalarType, number>> = {
  string: 2,
  bytes: 2,
  bool: 0,
  int32: 0,
  uint32: 0,
  sint32: 0,
  fixed32: 5,
  int64: 0,
  uint64: 0,
  fixed64: 1,
  sfixed64: 1,
  double: 1,
};

/** Whether a type is a scalar, not a message. */
export function isScalarType(type: ScalarType | MessageName): type is ScalarType {
  return Object.hasOwn(wireTypes, type);
}

/** The message that each signal's export request is. */
export const requestMessages = {
  logs: "LogsData",
  metrics: "MetricsData",
  traces: "TracesData",
} as const satisfies Record<string, MessageName>;

/**
 * OTLP 1.x: every field of the three signals.
 * Names and numbers: opentelemetry-proto, common, resource, logs, metrics and trace v1.
 */
export const messageShapes: Readonly<Record<MessageName, MessageShape>> = {
  LogsData: { resourceLogs: [1, "ResourceLogs", "repeated"] },
  ResourceLogs: {
    resource: [1, "Resource", "always"],
    scopeLogs: [2, "ScopeLogs", "repeated"],
    schemaUrl: [3, "string", "plain"],
  },
  ScopeLogs: {
    scope: [1, "InstrumentationScope", "always"],
    logRecords: [2, "LogRecord", "repeated"],
    schemaUrl: [3, "string", "plain"],
  },
  LogRecord: {
    timeUnixNano: [1, "fixed64", "plain"],
    severityNumber: [2, "int32", "plain"],
    severityText: [3, "string", "plain"],
    body: [5, "AnyValue", "always"],
    attributes: [6, "KeyValue", "repeated"],
    droppedAttributesCount: [7, "uint32", "plain"],
    flags: [8, "fixed32", "plain"],
    traceId: [9, "bytes", "hex"],
    spanId: [10, "bytes", "hex"],
    observedTimeUnixNano: [11, "fixed64", "plain"],
    eventName: [12, "string", "plain"],
  },

  MetricsData: { resourceMetrics: [1, "ResourceMetrics", "repeated"] },
  ResourceMetrics: {
    resource: [1, "Resource", "always"],
    scopeMetrics: [2, "ScopeMetrics", "repeated"],
    schemaUrl: [3, "string", "plain"],
  },
  ScopeMetrics: {
    scope: [1, "InstrumentationScope", "always"],
    metrics: [2, "Metric", "repeated"],
    schemaUrl: [3, "string", "plain"],
  },
  Metric: {
    name: [1, "string", "plain"],
    description: [2, "string", "plain"],
    unit: [3, "string", "plain"],
    gauge: [5, "Gauge", "oneof"],
    sum: [7, "Sum", "oneof"],
    histogram: [9, "Histogram", "oneof"],
    exponentialHistogram: [10, "ExponentialHistogram", "oneof"],
    summary: [11, "Summary", "oneof"],
    metadata: [12, "KeyValue", "repeated"],
  },
  Gauge: { dataPoints: [1, "NumberDataPoint", "repeated"] },
  Sum: {
    dataPoints: [1, "NumberDataPoint", "repeated"],
    aggregationTemporality: [2, "int32", "plain"],
    isMonotonic: [3, "bool", "plain"],
  },
  Histogram: {
    dataPoints: [1, "HistogramDataPoint", "repeated"],
    aggregationTemporality: [2, "int32", "plain"],
  },
  ExponentialHistogram: {
    dataPoints: [1, "ExponentialHistogramDataPoint", "repeated"],
    aggregationTemporality: [2, "int32", "plain"],
  },
  Summary: { dataPoints: [1, "SummaryDataPoint", "repeated"] },
  NumberDataPoint: {
    startTimeUnixNano: [2, "fixed64", "plain"],
    timeUnixNano: [3, "fixed64", "plain"],
    asDouble: [4, "double", "oneof"],
    exemplars: [5, "Exemplar", "repeated"],
    asInt: [6, "sfixed64", "oneof"],
    attributes: [7, "KeyValue", "repeated"],
    flags: [8, "uint32", "plain"],
  },
  HistogramDataPoint: {
    startTimeUnixNano: [2, "fixed64", "plain"],
    timeUnixNano: [3, "fixed64", "plain"],
    count: [4, "fixed64", "plain"],
    sum: [5, "double", "optional"],
    bucketCounts: [6, "fixed64", "repeated"],
    explicitBounds: [7, "double", "repeated"],
    exemplars: [8, "Exemplar", "repeated"],
    attributes: [9, "KeyValue", "repeated"],
    flags: [10, "uint32", "plain"],
    min: [11, "double", "optional"],
    max: [12, "double", "optional"],
  },
  ExponentialHistogramDataPoint: {
    attributes: [1, "KeyValue", "repeated"],
    startTimeUnixNano: [2, "fixed64", "plain"],
    timeUnixNano: [3, "fixed64", "plain"],
    count: [4, "fixed64", "plain"],
    sum: [5, "double", "optional"],
    scale: [6, "sint32", "plain"],
    zeroCount: [7, "fixed64", "plain"],
    positive: [8, "Buckets", "always"],
    negative: [9, "Buckets", "always"],
    flags: [10, "uint32", "plain"],
    exemplars: [11, "Exemplar", "repeated"],
    min: [12, "double", "optional"],
    max: [13, "double", "optional"],
    zeroThreshold: [14, "double", "plain"],
  },
  Buckets: {
    offset: [1, "sint32", "plain"],
    bucketCounts: [2, "uint64", "repeated"],
  },
  SummaryDataPoint: {
    startTimeUnixNano: [2, "fixed64", "plain"],
    timeUnixNano: [3, "fixed64", "plain"],
    count: [4, "fixed64", "plain"],
    sum: [5, "double", "plain"],
    quantileValues: [6, "ValueAtQuantile", "repeated"],
    attributes: [7, "KeyValue", "repeated"],
    flags: [8, "uint32", "plain"],
  },
  ValueAtQuantile: {
    quantile: [1, "double", "plain"],
    value: [2, "double", "plain"],
  },
  Exemplar: {
    timeUnixNano: [2, "fixed64", "plain"],
    asDouble: [3, "double", "oneof"],
    spanId: [4, "bytes", "hex"],
    traceId: [5, "bytes", "hex"],
    asInt: [6, "sfixed64", "oneof"],
    filteredAttributes: [7, "KeyValue", "repeated"],
  },

  TracesData: { resourceSpans: [1, "ResourceSpans", "repeated"] },
  ResourceSpans: {
    resource: [1, "Resource", "always"],
    scopeSpans: [2, "ScopeSpans", "repeated"],
    schemaUrl: [3, "string", "plain"],
  },
  ScopeSpans: {
    scope: [1, "InstrumentationScope", "always"],
    spans: [2, "Span", "repeated"],
    schemaUrl: [3, "string", "plain"],
  },
  Span: {
    traceId: [1, "bytes", "hex"],
    spanId: [2, "bytes", "hex"],
    traceState: [3, "string", "plain"],
    parentSpanId: [4, "bytes", "hex"],
    name: [5, "string", "plain"],
    kind: [6, "int32", "plain"],
    startTimeUnixNano: [7, "fixed64", "plain"],
    endTimeUnixNano: [8, "fixed64", "plain"],
    attributes: [9, "KeyValue", "repeated"],
    droppedAttributesCount: [10, "uint32", "plain"],
    events: [11, "SpanEvent", "repeated"],
    droppedEventsCount: [12, "uint32", "plain"],
    links: [13, "SpanLink", "repeated"],
    droppedLinksCount: [14, "uint32", "plain"],
    status: [15, "Status", "always"],
    flags: [16, "fixed32", "plain"],
  },
  SpanEvent: {
    timeUnixNano: [1, "fixed64", "plain"],
    name: [2, "string", "plain"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "uint32", "plain"],
  },
  SpanLink: {
    traceId: [1, "bytes", "hex"],
    spanId: [2, "bytes", "hex"],
    traceState: [3, "string", "plain"],
    attributes: [4, "KeyValue", "repeated"],
    droppedAttributesCount: [5, "uint32", "plain"],
    flags: [6, "fixed32", "plain"],
  },
  Status: {
    message: [2, "string", "plain"],
    code: [3, "int32", "plain"],
  },

  Resource: {
    attributes: [1, "KeyValue", "repeated"],
    droppedAttributesCount: [2, "uint32", "plain"],
    entityRefs: [3, "EntityRef", "repeated"],
  },
  EntityRef: {
    schemaUrl: [1, "string", "plain"],
    type: [2, "string", "plain"],
    idKeys: [3, "string", "repeated"],
    descriptionKeys: [4, "string", "repeated"],
  },
  InstrumentationScope: {
    name: [1, "string", "plain"],
    version: [2, "string", "plain"],
    attributes: [3, "KeyValue", "repeated"],
    droppedAttributesCount: [4, "uint32", "plain"],
  },
  KeyValue: {
    key: [1, "string", "plain"],
    value: [2, "AnyValue", "always"],
    keyStrindex: [3, "int32", "plain"],
  },
  AnyValue: {
    stringValue: [1, "string", "oneof"],
    boolValue: [2, "bool", "oneof"],
    intValue: [3, "int64", "oneof"],
    doubleValue: [4, "double", "oneof"],
    arrayValue: [5, "ArrayValue", "oneof"],
    kvlistValue: [6, "KeyValueList", "oneof"],
    bytesValue: [7, "bytes", "oneof"],
    stringValueStrindex: [8, "int32", "oneof"],
  },
  ArrayValue: { values: [1, "AnyValue", "repeated"] },
  KeyValueList: { values: [1, "KeyValue", "repeated"] },
};
